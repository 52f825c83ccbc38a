"""Workloads that wait by failing: an annotation gives what can heal until the deadline. Pure."""

from collections.abc import Iterable

from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.core.errors import AksFlowError

TOLERATE, UNTIL_DEADLINE = "aks-flow/tolerate", "until-deadline"


def is_tolerant(item: dict) -> bool:
    """Whether a workload asks for it."""
    return (item["metadata"].get("annotations") or {}).get(TOLERATE) == UNTIL_DEADLINE


def check(objects: Iterable[dict]) -> None:
    """AksFlowError for another value of the annotation, which would do nothing in silence."""
    for item in objects:
        value = (item["metadata"].get("annotations") or {}).get(TOLERATE, UNTIL_DEADLINE)
        if value != UNTIL_DEADLINE:
            where = f"{item['kind'].lower()}/{item['metadata'].get('name', '')}"
            step = did_you_mean(str(value), [UNTIL_DEADLINE])
            raise AksFlowError(
                f"the annotation {TOLERATE} has no value {value!r}", where=where, next_step=step
            )
