"""Times as objects hold them: RFC 3339 in UTC, whole seconds.

The cluster's time goes on evenly from the process's start: a system clock that is set anew in the middle of a
rollout neither ends a deadline nor puts one off. Time that the machine slept counts.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


# On systems that do not count their sleep the plain monotonic clock has to do.
_EVEN = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_BEGAN = time.time() - time.clock_gettime(_EVEN)


def now() -> datetime:
    return datetime.fromtimestamp(_BEGAN + time.clock_gettime(_EVEN), UTC)


def stepped() -> float:
    """Seconds by which the system clock has been set forward (back: negative) since the process's start."""
    return time.time() - now().timestamp()


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> datetime:
    """``2026-11-22T22:16:55Z``, with or without decimals."""
    return datetime.fromisoformat(text)


def seconds_left(due: str, most: float) -> float:
    """Seconds until a time stamp, never more than ``most``: a stamp of another clock may be far off."""
    return min((parse(due) - now()).total_seconds(), most)


def canonical(text: str, precision: str = "seconds") -> str:
    """The same moment as a server writes it; what is no moment stays. precision: of isoformat()."""
    try:
        return parse(text).astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")
    except ValueError:
        return text


def seconds_since(text: str, moment: datetime) -> float:
    """Seconds from a time stamp to a moment."""
    return (moment - parse(text)).total_seconds()
