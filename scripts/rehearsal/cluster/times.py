"""Times as objects hold them: RFC 3339 in UTC, whole seconds."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> datetime:
    """``2026-11-22T22:16:55Z``, with or without decimals."""
    return datetime.fromisoformat(text)


def age(text: str, moment: datetime) -> float:
    """Seconds from a time stamp to a moment."""
    return (moment - parse(text)).total_seconds()
