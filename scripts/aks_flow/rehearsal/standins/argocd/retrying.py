"""When a failed sync is tried again. Pure."""

import re

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}
_PART = re.compile(r"([0-9.]+)(ms|s|m|h)")


def seconds(duration: str | int) -> float:
    """``5s``, ``1m30s``; a bare number is seconds."""
    text = str(duration)
    if re.fullmatch(r"[0-9.]+", text):
        return float(text)
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))


def delay(retry: dict, done: int) -> float | None:
    """Seconds until the next attempt after ``done`` retries; None if there is to be none."""
    limit = retry.get("limit", 0)
    if 0 <= limit <= done:
        return None
    backoff = retry.get("backoff") or {}
    first, longest = seconds(backoff.get("duration", "5s")), seconds(backoff.get("maxDuration", "3m"))
    return min(first * backoff.get("factor", 2) ** done, longest)
