"""Moments: seconds since the epoch, which a machine reads in RFC 3339."""

from datetime import UTC, datetime
from types import MappingProxyType

# Of a dataclass's field that holds one, 0 for none, or several by name:
# `started: float = field(metadata=MOMENT)`.
MOMENT = MappingProxyType({"moment": True})


def rfc3339(seconds: float, precision: str = "milliseconds") -> str:
    """``2026-01-31T12:00:00.250Z``. precision: as of `datetime.isoformat`."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec=precision).replace("+00:00", "Z")
