"""The drills of the push path: develop to its environment, with kubectl."""

from aks_flow.push.lock import lease
from aks_flow.rehearsal.scenarios.drills import cluster_drills, faults, workload_drills
from aks_flow.rehearsal.scenarios.drills.closed_registry import closed
from aks_flow.rehearsal.scenarios.drills.context import DrillContext
from aks_flow.rehearsal.scenarios.drills.drill import PUSH, Drill, Expected, TaskAnswer
from aks_flow.rehearsal.scenarios.drills.push_task import push, push_words
from aks_flow.tools.kubectl import apply, get


def _delivered(context: DrillContext, edit: faults.Edit, **settings: str) -> TaskAnswer:
    with context.faulty_overlay(PUSH, edit):
        return push(context, **settings)


def _publish_refused(context: DrillContext) -> TaskAnswer:
    with closed(context.delivery.run, context.config) as registry:
        return push(context, INVOKE_TARGETS_CLUSTER_REGISTRY=registry)


def _stale_lock(context: DrillContext) -> TaskAnswer:
    """The Lease of a run that died long ago and never released it."""
    cluster = context.cluster(PUSH)
    left = lease.Lease("", lease.Holder("gone", "a run that died"), lease.SECONDS, _LONG_AGO, _LONG_AGO)
    context.delivery.run.run(apply.manifest(cluster, lease.manifest(left, cluster.namespace)))
    with context.published_change(PUSH):
        return push(context)


def _killed(context: DrillContext) -> TaskAnswer:
    """kill -9 while the manifests are being applied; then the same command again."""
    with context.published_change(PUSH):
        context.tasks.kill(lambda: _is_locked(context), "the lock to be taken", *push_words(context))
        return push(context)


def _is_locked(context: DrillContext) -> bool:
    text = context.delivery.run.run(get.find(context.cluster(PUSH), "lease", lease.NAME)).text
    current = lease.parse(text)
    return bool(current and current.holder)


_LONG_AGO = "2020-01-01T00:00:00.000000Z"
_TAKEN_OVER = lease.SECONDS + 45  # seconds: a lock expires, and then the delivery takes its time
_EXPIRES = {"lock": lease.SECONDS - 1}  # the delivery waits that long for whoever holds it

DRILLS = (
    *workload_drills.drills(PUSH, _delivered, faults.in_container),
    workload_drills.stateful_drill(PUSH, _delivered),
    *cluster_drills.DRILLS,
    Drill("push-refused", PUSH, Expected(1, 20, error="docker login"), _publish_refused),
    Drill("stale-lock", PUSH, Expected(0, _TAKEN_OVER, steps=_EXPIRES), _stale_lock),
    Drill("killed", PUSH, Expected(0, _TAKEN_OVER), _killed),
)
