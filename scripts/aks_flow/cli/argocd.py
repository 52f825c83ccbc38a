"""What the tasks of Argo CD do: read, act, report."""

from aks_flow.gitops import argocd
from aks_flow.report import report
from aks_flow.rollout import redis_password
from aks_flow.target.delivery import Delivery


def install(delivery: Delivery, file: str, digest: str) -> None:
    with delivery.steps("manifest") as step:
        manifest = argocd.fetch(file, digest)
        step.note = file or argocd.MANIFEST
    with delivery.steps("install"):
        changed = argocd.install(delivery.run, delivery.config, manifest)
    report.say(f"Argo CD {argocd.VERSION} {'now runs' if changed else 'is unchanged: it runs'}")


def apply(delivery: Delivery) -> None:
    for name in delivery.config.environments:
        redis_password.ensure(delivery.run, delivery.cluster(name), delivery.config.vault)
    with delivery.steps("objects") as step:
        lines = argocd.apply(delivery.run, delivery.config)
        step.note = argocd.repository(delivery.run, delivery.config)
    for line in lines:
        report.say(line)
