"""Lists of conditions, as every status has one."""

from collections.abc import Collection, Iterable
from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times


def condition(type: str, status: str, reason: str, message: str) -> dict:
    return {"type": type, "status": status, "reason": reason, "message": message}


def find(conditions: Iterable[dict], name: str) -> dict | None:
    return next((condition for condition in conditions if condition["type"] == name), None)


def without(conditions: Iterable[dict], name: str) -> list[dict]:
    return [condition for condition in conditions if condition["type"] != name]


def put(
    conditions: Iterable[dict],
    news: dict,
    moment: datetime,
    touched: str = "",
    told_by: Collection[str] = ("status", "reason", "message"),
) -> list[dict]:
    """The list with a condition set, left as it is if the condition says nothing new.

    The transition time changes with the status only; a changed condition goes to the end.
    touched: the field with the time of the last change of any kind, where a kind has one.
    told_by: the fields that make a condition news; with none, it always is.
    """
    before = find(conditions, news["type"])
    if before and told_by and all(before.get(field) == news.get(field) for field in told_by):
        return list(conditions)
    stamp = times.stamp(moment)
    same = before is not None and before["status"] == news["status"]
    timed = news | {"lastTransitionTime": before["lastTransitionTime"] if before and same else stamp}
    return [*without(conditions, news["type"]), timed | ({touched: stamp} if touched else {})]
