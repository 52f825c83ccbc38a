"""The drills of the push path: develop to dev, with kubectl."""

from scripts.lock import lease
from scripts.rehearsal.drill import faults
from scripts.rehearsal.drill.closed_registry import closed
from scripts.rehearsal.drill.drill import PUSH, Drill, Expected, Said
from scripts.rehearsal.drill.stage import Stage
from scripts.rehearsal.story.pushing import ENVIRONMENT
from scripts.rollout import reasons

_PUSH = ("push", "--env", ENVIRONMENT)
_TITLE = "manifests/base/front/front.env"
_SHORT = {"INVOKE_DEADLINE": "15"}  # seconds: for faults that only the deadline ends


def _delivered(stage: Stage, edit: faults.Edit, **settings: str) -> Said:
    with stage.change(PUSH, stage.overlay(PUSH), edit):
        return stage.inv(*_PUSH, **settings)


def _missing_image(stage: Stage) -> Said:
    return _delivered(stage, faults.container(image=f"{stage.config.destination.registry}/front:missing"))


def _crash_loop(stage: Stage) -> Said:
    return _delivered(stage, faults.CRASH)


def _never_ready(stage: Stage) -> Said:
    return _delivered(stage, faults.NEVER_READY, **_SHORT)


def _redis_away(stage: Stage) -> Said:
    return _delivered(stage, faults.no_redis(), **_SHORT)


def _pull_refused(stage: Stage) -> Said:
    with closed(stage.hands.run, stage.config) as registry:
        return _delivered(stage, faults.container(image=f"{registry}/front:1"))


def _publish_refused(stage: Stage) -> Said:
    with closed(stage.hands.run, stage.config) as registry:
        return stage.inv(*_PUSH, INVOKE_TARGETS_CLUSTER_REGISTRY=registry)


def _stale_lock(stage: Stage) -> Said:
    """The Lease of a run that died long ago and never released it."""
    cluster = stage.cluster(PUSH)
    held = lease.Lease("", lease.Holder("gone", "a run that died"), lease.SECONDS, _LONG_AGO, _LONG_AGO)
    stage.hands.run.run(cluster.apply(lease.manifest(held, cluster.namespace)))
    with stage.change(PUSH, _TITLE, faults.title("after a stale lock")):
        return stage.inv(*_PUSH)


def _killed(stage: Stage) -> Said:
    """kill -9 while the manifests are being applied; then the same command again."""
    with stage.change(PUSH, _TITLE, faults.title("after a kill")):
        stage.killed("ok     lock", *_PUSH)
        return stage.inv(*_PUSH)


_LONG_AGO = "2020-01-01T00:00:00.000000Z"
_TAKEN_OVER = lease.SECONDS + 45  # seconds: a lock expires, and then the delivery takes its time

DRILLS = (
    Drill("missing-image", PUSH, Expected.verdict(reasons.IMAGE_NOT_FOUND, 30), _missing_image),
    Drill("crash-loop", PUSH, Expected.verdict(reasons.CRASH_LOOP, 40), _crash_loop),
    Drill("never-ready", PUSH, Expected.verdict(reasons.NEVER_READY, 40), _never_ready),
    Drill("redis-away", PUSH, Expected.verdict(reasons.NEVER_READY, 40), _redis_away),
    Drill("registry-401", PUSH, Expected.verdict(reasons.IMAGE_PULL_DENIED, 30), _pull_refused),
    Drill("push-refused", PUSH, Expected(1, 20, words="docker login"), _publish_refused),
    Drill(
        "stale-lock", PUSH, Expected(0, _TAKEN_OVER, words=r"waited \d+ s for a run that died"), _stale_lock
    ),
    Drill("killed", PUSH, Expected(0, _TAKEN_OVER), _killed),
)
