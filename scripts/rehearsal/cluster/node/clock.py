"""Times: RFC 3339 in UTC with whole seconds in objects, Go's duration texts in messages."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> datetime:
    """``2026-11-22T22:16:55Z``, or with up to nine decimals as the Docker engine writes."""
    whole, _, decimals = text.rstrip("Z").partition(".")
    moment = datetime.fromisoformat(whole).replace(tzinfo=UTC)
    return moment.replace(microsecond=int(decimals[:6].ljust(6, "0"))) if decimals else moment


def go_duration(seconds: float) -> str:
    """80 -> ``1m20s``, 0.128 -> ``128ms``."""
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    if seconds != int(seconds):
        return f"{seconds:.3f}".rstrip("0") + "s" if seconds < 60 else go_duration(round(seconds))
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{rest}s"
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
