"""How a workload is updated."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid
from aks_flow.rehearsal.standins.kubernetes.validation.checks import (
    NOT_NEGATIVE,
    matches,
    not_negative,
    one_of,
)


def strategy(path: str, given: dict, *types: str) -> Iterator[Cause]:
    """types: those the kind has; only RollingUpdate takes parameters."""
    yield from one_of(f"{path}.type", given.get("type"), *sorted(types))
    rolling = given.get("rollingUpdate")
    if rolling is None:
        return
    if given.get("type") != "RollingUpdate":
        text = f"may not be specified when strategy `type` is '{given.get('type')}'"
        yield forbidden(f"{path}.rollingUpdate", text)
        return
    yield from not_negative(f"{path}.rollingUpdate", rolling, "partition")
    yield from _bounds(f"{path}.rollingUpdate", rolling)


def amount(path: str, value: int | str | None) -> Iterator[Cause]:
    """A number of pods, or a percentage of them."""
    if isinstance(value, str):
        yield from matches(path, value, grammar.percent)
    elif isinstance(value, int) and value < 0:
        yield invalid(path, value, NOT_NEGATIVE)


def at_most_all(path: str, value: int | str | None) -> Iterator[Cause]:
    if _percentage(value) > 100:
        yield invalid(path, value, "must not be greater than 100%")


def _bounds(path: str, rolling: dict) -> Iterator[Cause]:
    unavailable, surge = rolling.get("maxUnavailable"), rolling.get("maxSurge")
    yield from amount(f"{path}.maxUnavailable", unavailable)
    yield from amount(f"{path}.maxSurge", surge)
    if unavailable in (0, "0%") and surge in (0, "0%"):
        yield invalid(f"{path}.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0")
    yield from at_most_all(f"{path}.maxUnavailable", unavailable)


def _percentage(value: int | str | None) -> int:
    return int(value[:-1]) if isinstance(value, str) and not grammar.percent(value) else 0
