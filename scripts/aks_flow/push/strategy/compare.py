"""A canary beside its baseline: as many pods, as old as each other, under the same requests."""

from collections.abc import Iterable

from aks_flow.push.strategy.twins import BASELINE, CANARY, TRACK
from aks_flow.rollout.verdict.pods import ObservedPod, living, observed_pod
from aks_flow.rollout.verdict.reasons import CRASH_LOOP, NEVER_READY


def worse(pods: Iterable[dict]) -> tuple[str, str] | None:
    """A reason and a sentence if the canary's pods are worse off than the baseline's; None if not."""
    items = list(pods)
    canary, baseline = _of(items, CANARY), _of(items, BASELINE)
    if _restarts(canary) > _restarts(baseline):
        text = f"{_restarts(canary)} restarts in the canary, {_restarts(baseline)} in the baseline"
        return CRASH_LOOP, text
    if _unready(canary) > _unready(baseline):
        text = f"{_unready(canary)} of the canary's pods not ready, {_unready(baseline)} of the baseline's"
        return NEVER_READY, text
    return None


def _of(pods: list[dict], track: str) -> list[ObservedPod]:
    tracked = [pod for pod in living(pods) if (pod["metadata"].get("labels") or {}).get(TRACK) == track]
    return [observed_pod(pod) for pod in tracked]


def _restarts(pods: list[ObservedPod]) -> int:
    return sum(container.restarts for pod in pods for container in pod.containers)


def _unready(pods: list[ObservedPod]) -> int:
    return sum(not pod.ready for pod in pods)
