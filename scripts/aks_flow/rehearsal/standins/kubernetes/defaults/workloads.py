"""Defaults of Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs and CronJobs."""

from aks_flow.rehearsal.standins.kubernetes.defaults.fill import fill, given, objects_in, part
from aks_flow.rehearsal.standins.kubernetes.defaults.pods import template
from aks_flow.rehearsal.standins.kubernetes.defaults.storage import claim

_ROLLING = "RollingUpdate"


def deployment(item: dict) -> None:
    spec = part(item, "spec")
    template(spec)
    fill(spec, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600)
    strategy = part(spec, "strategy")
    fill(strategy, type=_ROLLING)
    if strategy.get("type") == _ROLLING:
        fill(part(strategy, "rollingUpdate"), maxUnavailable="25%", maxSurge="25%")


def replica_set(item: dict) -> None:
    spec = part(item, "spec")
    template(spec)
    fill(spec, replicas=1)


def replication_controller(item: dict) -> None:
    """The selector and the labels follow the template's labels."""
    replica_set(item)
    labels = given(given(given(item["spec"], "template"), "metadata"), "labels")
    if labels:
        fill(item["spec"], selector=dict(labels))
        fill(item["metadata"], labels=dict(labels))


def stateful_set(item: dict) -> None:
    spec = part(item, "spec")
    template(spec)
    fill(spec, replicas=1, revisionHistoryLimit=10, podManagementPolicy="OrderedReady")
    strategy = part(spec, "updateStrategy")
    fill(strategy, type=_ROLLING)
    if strategy.get("type") == _ROLLING:
        fill(part(strategy, "rollingUpdate"), partition=0)
    fill(part(spec, "persistentVolumeClaimRetentionPolicy"), whenDeleted="Retain", whenScaled="Retain")
    for claim_template in objects_in(spec, "volumeClaimTemplates"):
        fill(claim_template, apiVersion="v1", kind="PersistentVolumeClaim")
        claim(claim_template)


def daemon_set(item: dict) -> None:
    spec = part(item, "spec")
    template(spec)
    fill(spec, revisionHistoryLimit=10)
    strategy = part(spec, "updateStrategy")
    fill(strategy, type=_ROLLING)
    if strategy.get("type") == _ROLLING:
        fill(part(strategy, "rollingUpdate"), maxUnavailable=1, maxSurge=0)


def job(item: dict) -> None:
    """A job's labels follow its template's."""
    spec = part(item, "spec")
    template(spec)
    if labels := given(given(given(spec, "template"), "metadata"), "labels"):
        fill(part(item, "metadata"), labels=dict(labels))
    if spec.get("completions") is None and spec.get("parallelism") is None:
        fill(spec, completions=1)
    fill(
        spec, parallelism=1, backoffLimit=6, completionMode="NonIndexed", suspend=False, manualSelector=False
    )
    fill(spec, podReplacementPolicy="Failed" if spec.get("podFailurePolicy") else "TerminatingOrFailed")


def cron_job(item: dict) -> None:
    spec = part(item, "spec")
    template(given(given(spec, "jobTemplate"), "spec"))
    fill(spec, concurrencyPolicy="Allow", suspend=False)
    fill(spec, successfulJobsHistoryLimit=3, failedJobsHistoryLimit=1)
