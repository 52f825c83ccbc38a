"""How far a rollout may go above and below the desired number of replicas."""

from dataclasses import dataclass
from math import ceil

_NO_DEADLINE = 2**31 - 1


@dataclass(frozen=True)
class ReplicaTarget:
    """replicas: desired. surge: allowed on top of them; unavailable: allowed to be missing (both in pods)."""

    replicas: int
    surge: int = 0
    unavailable: int = 0

    @property
    def ceiling(self) -> int:
        return self.replicas + self.surge

    @property
    def floor(self) -> int:
        return self.replicas - self.unavailable


def target(spec: dict) -> ReplicaTarget:
    """A Deployment's spec -> ReplicaTarget."""
    replicas = spec.get("replicas", 1)
    if is_recreate(spec):
        return ReplicaTarget(replicas)
    rolling = spec.get("strategy", {}).get("rollingUpdate") or {}
    surge = share(rolling.get("maxSurge", "25%"), replicas, round_up=True)
    unavailable = share(rolling.get("maxUnavailable", "25%"), replicas, round_up=False)
    if not surge and not unavailable:
        unavailable = 1  # Percentages may both round to nothing; a rollout must be able to move.
    return ReplicaTarget(replicas, surge, min(unavailable, replicas))


def share(value: int | str, total: int, round_up: bool) -> int:
    """``3`` -> 3; ``"25%"`` of the total, rounded as asked."""
    if isinstance(value, int):
        return value
    percent = int(value.rstrip("%"))
    return ceil(total * percent / 100) if round_up else total * percent // 100


def is_recreate(spec: dict) -> bool:
    return spec.get("strategy", {}).get("type") == "Recreate"


def deadline(spec: dict) -> int | None:
    """Seconds in which a rollout must progress; None if it has no deadline."""
    seconds = spec.get("progressDeadlineSeconds")
    return None if seconds == _NO_DEADLINE else seconds
