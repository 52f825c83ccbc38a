"""Whether an Argo CD works on a given cluster, and the objects that a rehearsal has it work on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from aks_flow.core import wait
from aks_flow.gitops import argocd
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import remote_refs, remotes
from aks_flow.tools.kubectl import Kubectl, delete, get

_APPLICATIONS, _PROJECTS = "applications.argoproj.io", "appprojects.argoproj.io"
_LOOKS_WITHIN = 60  # seconds until a controller has looked at a new Application


def is_installed(context: DeliveryContext) -> bool:
    return bool(context.run.run(get.existing(_cluster(context), argocd.DEFINITION)).text.strip())


def looks_at(context: DeliveryContext, environment: str) -> bool:
    """Whether a controller has looked at the environment's new Application in time."""
    name = context.config.environment(environment).namespace

    def has_status() -> bool:
        answer = context.run.run(get.find(_cluster(context), _APPLICATIONS, name)).text
        return bool(json.loads(answer or "{}").get("status"))

    with context.steps("Argo CD") as step:
        looked = wait.within(has_status, _LOOKS_WITHIN, pause=1)
        step.note = "looks at it" if looked else f"did not look at {name} within {_LOOKS_WITHIN} s"
    return looked


@contextmanager
def objects_removed(context: DeliveryContext, environment: str, project: str) -> Iterator[None]:
    """After the block Argo CD's objects and the branch are gone that it was given for the rehearsal."""
    config, run = context.config, context.run
    try:
        yield
    finally:
        with context.steps("remove") as step:
            name = config.environment(environment).namespace
            run.run(delete.by_name(_cluster(context), _APPLICATIONS, name))
            run.run(delete.by_name(_cluster(context), _PROJECTS, project))
            _remove_branch(context)
            step.note = f"{name} of Argo CD, branch {config.gitops.branch}"


def _remove_branch(context: DeliveryContext) -> None:
    config, repository = context.config, context.config.destination.repository
    asked = remote_refs.ls_remote(config.root, repository, config.gitops.branch)
    if remote_refs.parse_ls_remote(context.run.run(asked).text):
        context.run.run(remotes.push(config.root, repository, f":refs/heads/{config.gitops.branch}"))


def _cluster(context: DeliveryContext) -> Kubectl:
    return Kubectl.at(context.config.destination, context.config.gitops.namespace)
