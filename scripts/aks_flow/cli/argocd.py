"""What the tasks `argocd.…` do: read, act, report."""

import sys

from aks_flow import report
from aks_flow.cli import connect
from aks_flow.cli.context import TaskContext
from aks_flow.gitops import argocd, namespace, repository_access
from aks_flow.rollout import namespace_secrets
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl


def install_task(task: TaskContext, file: str, digest: str) -> None:
    context = connect.delivery(task)
    with context.steps("manifest") as step:
        manifest = argocd.fetch(file, digest)
        step.note = file or argocd.MANIFEST
    with context.steps("install"):
        changed = argocd.install(context.run, context.config, manifest)
    report.say(f"Argo CD {argocd.VERSION} {'now runs' if changed else 'is unchanged: it runs'}")


def apply_task(task: TaskContext, credentials: bool, json: bool) -> None:
    if credentials:
        access = sys.stdin.read()
        for context in connect.deliveries(task):
            _give_access(context, access)
    applied = apply_applications(task)
    if json:
        return report.document({"applied": applied})
    for line in applied:
        report.say(line)
    return None


def apply_applications(task: TaskContext) -> list[str]:
    """The AppProject and the Applications to each target's cluster; kubectl's lines, one for each object."""
    return [line for context in connect.deliveries(task) for line in _apply(context)]


def _give_access(context: DeliveryContext, access: str) -> None:
    config = context.config
    with context.steps("credentials") as step:
        url = argocd.repository(context.run, config)
        cluster = Kubectl.at(config.destination, config.gitops.namespace)
        repository_access.give(context.run, cluster, url, access)
        step.note = f"Secret/{repository_access.NAME} for {url}"


def _apply(context: DeliveryContext) -> list[str]:
    """kubectl's lines, one for each object."""
    for name in context.config.environments_here:
        cluster = context.cluster(name)
        missing = namespace.ensure(context.run, cluster, context.config)
        for lack, typed in zip(missing, namespace_secrets.commands(missing, cluster), strict=True):
            report.note(f"{cluster.namespace} lacks {lack}, which others make: {typed}")
    told: list[str] = []
    with context.steps("objects") as step:
        lines = argocd.apply_applications(context.run, context.config, tell=told.append)
        step.note = argocd.repository(context.run, context.config)
    for line in told:
        report.note(line)
    return lines
