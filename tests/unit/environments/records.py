"""Deliveries as they may have been."""

from aks_flow.environments.view import PUSH, PastDelivery

NOW = 1_800_000_000.0
HOUR, DAY = 3600, 86_400


def past(ago: float, verdict: str = "good", took: float = 60, back: bool = False, **more) -> PastDelivery:
    """One that began ``ago`` seconds before NOW, of a commit that was made an hour before."""
    when = NOW - ago
    facts = {"path": PUSH, "version": "1.5.0", "digest": "", "commit": "c" * 40, "who": "ann", "run": ""}
    moments = {"when": when, "ended": when + took, "made": when - HOUR, "seconds": took}
    return PastDelivery(**{**facts, **moments, **more}, verdict=verdict, is_back=back)
