"""How values are shown in cells."""

from collections.abc import Iterable
from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times

NONE, UNKNOWN, UNSET = "<none>", "<unknown>", "<unset>"
_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86400, 365 * 86400
_OPERATORS = {"In": "in", "NotIn": "notin"}


def duration(seconds: float) -> str:
    """Two units at most, the second one only while it matters: ``76s``, ``3m5s``, ``2d3h``."""
    whole = int(seconds)
    if whole < 0:
        return "0s" if whole >= -1 else "<invalid>"
    scales = (
        (2 * _MINUTE, 1, "s", 0, ""),
        (10 * _MINUTE, _MINUTE, "m", 1, "s"),
        (3 * _HOUR, _MINUTE, "m", 0, ""),
        (8 * _HOUR, _HOUR, "h", _MINUTE, "m"),
        (2 * _DAY, _HOUR, "h", 0, ""),
        (8 * _DAY, _DAY, "d", _HOUR, "h"),
        (2 * _YEAR, _DAY, "d", 0, ""),
        (8 * _YEAR, _YEAR, "y", _DAY, "d"),
    )
    below = (scale for scale in scales if whole < scale[0])
    _, unit, suffix, smaller, smaller_suffix = next(below, (0, _YEAR, "y", 0, ""))
    rest = whole % unit // smaller if smaller else 0
    return f"{whole // unit}{suffix}" + (f"{rest}{smaller_suffix}" if rest else "")


def since(text: str | None, now: datetime) -> str:
    """The time since a time stamp."""
    return duration(times.seconds_since(text, now)) if text else UNKNOWN


def age(item: dict, now: datetime) -> str:
    return since(item["metadata"].get("creationTimestamp"), now)


def labels(given: dict | None) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted((given or {}).items())) or NONE


def selector(given: dict | None) -> str:
    """A label selector as kubectl's -l takes it."""
    given = given or {}
    terms = [(key, f"{key}={value}") for key, value in (given.get("matchLabels") or {}).items()]
    terms += [(term.get("key", ""), _expression(term)) for term in given.get("matchExpressions") or ()]
    return ",".join(text for _, text in sorted(terms)) or NONE


def _expression(term: dict) -> str:
    key, operator = term.get("key", ""), term.get("operator")
    if operator in _OPERATORS:
        return f"{key} {_OPERATORS[operator]} ({','.join(sorted(term.get('values') or ()))})"
    return key if operator == "Exists" else f"!{key}"


def joined(values: Iterable[object], nothing: str = NONE, most: int | None = None) -> str:
    """Values with commas; what goes beyond ``most`` is only counted."""
    texts = [str(value) for value in values]
    more = f" + {len(texts) - most} more..." if most is not None and len(texts) > most else ""
    return (",".join(texts[:most]) or nothing) + more


def containers(template: dict | None) -> list[str]:
    """The names and the images of a pod template's containers: the last columns of every workload."""
    listed = ((template or {}).get("spec") or {}).get("containers") or []
    return [",".join(container.get(field, "") for container in listed) for field in ("name", "image")]


def spec(item: dict) -> dict:
    return item.get("spec") or {}


def status(item: dict) -> dict:
    return item.get("status") or {}


def condition(item: dict, name: str) -> bool:
    """Does a condition hold?"""
    conditions = status(item).get("conditions") or ()
    return any(entry.get("type") == name and entry.get("status") == "True" for entry in conditions)
