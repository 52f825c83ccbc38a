"""DORA's four figures, of an environment's deliveries. Pure; docs/environments.md has the definitions."""

from collections.abc import Sequence
from statistics import median

from aks_flow.environments.view import UNDONE, DeliveryFigures, PastDelivery, WeekFigures

DAY, WEEKS = 86_400, 8
WEEK = 7 * DAY


def figures(deliveries: Sequence[PastDelivery], now: float) -> DeliveryFigures:
    """Of the last `WEEKS` weeks, or since the oldest delivery that is known.

    deliveries: the oldest first. now: seconds since the epoch.
    """
    begins = now - WEEKS * WEEK
    recent = [past for past in deliveries if past.when >= begins]
    span = now - (recent[0].when if len(recent) == len(deliveries) and recent else begins)
    served = [past for past in recent if _counts(past)]
    return DeliveryFigures(
        days=round(span / DAY, 2),
        deliveries=len(served),
        per_week=len(served) * WEEK / max(span, WEEK) if recent else None,
        lead=_lead(recent),
        failed=_failed(recent),
        restore=_restore(recent),
        weeks=tuple(_week(recent, now - number * WEEK) for number in range(WEEKS, 0, -1)),
    )


def _week(recent: Sequence[PastDelivery], begins: float) -> WeekFigures:
    """A failure belongs to the week that it happened in, its end may lie in a later one."""
    own = [past for past in recent if begins <= past.when < begins + WEEK]
    served = sum(_counts(past) for past in own)
    return WeekFigures(begins, served, _lead(own), _failed(own), _restore(recent, begins))


def _counts(past: PastDelivery) -> bool:
    """A delivery that came to serve; a way back is none."""
    return not past.is_back and (past.is_good or past.verdict == UNDONE)


def _lead(deliveries: Sequence[PastDelivery]) -> float | None:
    """From the commit to its serving."""
    times = [past.ended - past.made for past in deliveries if _counts(past) and past.ended and past.made]
    return median(times) if times else None


def _failed(deliveries: Sequence[PastDelivery]) -> float | None:
    decided = [past for past in deliveries if not past.is_back and (past.is_good or past.is_bad)]
    return sum(past.is_bad for past in decided) / len(decided) if decided else None


def _restore(deliveries: Sequence[PastDelivery], begins: float = 0) -> float | None:
    """From the begin of what failed to the end of the next that was good; begins: of the week that counts."""
    times, failed_at = [], None
    for past in deliveries:
        if past.is_bad and not past.is_back:
            failed_at = failed_at or past.when
        elif past.is_good and past.ended and failed_at is not None:
            if not begins or begins <= failed_at < begins + WEEK:
                times.append(past.ended - failed_at)
            failed_at = None
    return median(times) if times else None
