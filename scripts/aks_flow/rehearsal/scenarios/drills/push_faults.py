"""The drills of the push path: develop to dev, with kubectl."""

from aks_flow.push.lock import lease
from aks_flow.rehearsal.scenarios.drills import faults, workload_faults
from aks_flow.rehearsal.scenarios.drills.closed_registry import closed
from aks_flow.rehearsal.scenarios.drills.drill import PUSH, Drill, Expected, Said
from aks_flow.rehearsal.scenarios.drills.stage import Stage
from aks_flow.rehearsal.scenarios.drills.workload_faults import TITLE
from aks_flow.rehearsal.scenarios.push_and_pull.pushing import ENVIRONMENT

_PUSH = ("push", "--env", ENVIRONMENT)


def _delivered(stage: Stage, edit: faults.Edit, **settings: str) -> Said:
    with stage.change(PUSH, stage.overlay(PUSH), edit):
        return stage.inv(*_PUSH, **settings)


def _publish_refused(stage: Stage) -> Said:
    with closed(stage.context.run, stage.config) as registry:
        return stage.inv(*_PUSH, INVOKE_TARGETS_CLUSTER_REGISTRY=registry)


def _stale_lock(stage: Stage) -> Said:
    """The Lease of a run that died long ago and never released it."""
    cluster = stage.cluster(PUSH)
    held = lease.Lease("", lease.Holder("gone", "a run that died"), lease.SECONDS, _LONG_AGO, _LONG_AGO)
    stage.context.run.run(cluster.apply(lease.manifest(held, cluster.namespace)))
    with stage.change(PUSH, TITLE, faults.title("after a stale lock")):
        return stage.inv(*_PUSH)


def _killed(stage: Stage) -> Said:
    """kill -9 while the manifests are being applied; then the same command again."""
    with stage.change(PUSH, TITLE, faults.title("after a kill")):
        stage.killed("ok     lock", *_PUSH)
        return stage.inv(*_PUSH)


_LONG_AGO = "2020-01-01T00:00:00.000000Z"
_TAKEN_OVER = lease.SECONDS + 45  # seconds: a lock expires, and then the delivery takes its time

DRILLS = (
    *workload_faults.drills(PUSH, _delivered, lambda image: faults.container(image=image)),
    Drill("push-refused", PUSH, Expected(1, 20, words="docker login"), _publish_refused),
    Drill(
        "stale-lock", PUSH, Expected(0, _TAKEN_OVER, words=r"waited \d+ s for a run that died"), _stale_lock
    ),
    Drill("killed", PUSH, Expected(0, _TAKEN_OVER), _killed),
)
