"""A Deployment's status, from its replica sets. Pure.

Reasons and messages: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
"""

from collections.abc import Iterable
from datetime import datetime

from scripts.rehearsal.cluster import times
from scripts.rehearsal.cluster.controllers.conditions import find, put, without
from scripts.rehearsal.cluster.controllers.deployment import strategy
from scripts.rehearsal.cluster.controllers.deployment.plan import Facts

_COUNTS = ("replicas", "readyReplicas", "availableReplicas", "terminatingReplicas")


def derive(facts: Facts, moment: datetime, created: bool = False) -> dict:
    """created: whether this step created the current replica set."""
    before = facts.deployment.get("status", {})
    counts = _counts(facts)
    conditions = _started(facts, before.get("conditions") or [], moment, created)
    conditions = _put(conditions, _availability(facts, counts), moment)
    conditions = _progress(facts, before, counts, conditions, moment)
    status = counts | {"observedGeneration": facts.deployment["metadata"].get("generation", 1)}
    if "collisionCount" in before:
        status["collisionCount"] = before["collisionCount"]
    return status | {"conditions": _failures(facts, conditions, moment)}


def seconds_to_deadline(facts: Facts, status: dict, moment: datetime) -> float | None:
    """When the rollout's deadline is due, if it still counts."""
    limit, progressing = strategy.deadline(facts.spec), find(status["conditions"], "Progressing")
    if limit is None or progressing is None or facts.spec.get("paused"):
        return None
    if progressing["reason"] in ("NewReplicaSetAvailable", "ProgressDeadlineExceeded"):
        return None
    return max(0, limit - times.age(progressing["lastUpdateTime"], moment)) + 1


def _counts(facts: Facts) -> dict:
    total = {name: sum(_status(each, name) for each in facts.sets) for name in _COUNTS}
    current = facts.current
    total["updatedReplicas"] = _status(current, "replicas") if current else 0
    size = sum(each["spec"]["replicas"] for each in facts.sets)
    total["unavailableReplicas"] = max(0, size - total["availableReplicas"])
    return {key: value for key, value in total.items() if value or key == "terminatingReplicas"}


def _status(each: dict, name: str) -> int:
    return each.get("status", {}).get(name, 0)


def _availability(facts: Facts, counts: dict) -> dict:
    if counts.get("availableReplicas", 0) >= facts.target.floor:
        return _condition(
            "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability."
        )
    message = "Deployment does not have minimum availability."
    return _condition("Available", "False", "MinimumReplicasUnavailable", message)


def _started(facts: Facts, conditions: list[dict], moment: datetime, created: bool) -> list[dict]:
    """The first word on a rollout: its replica set was created or found, or it is paused or resumed."""
    progressing, current = find(conditions, "Progressing"), facts.current
    if strategy.deadline(facts.spec) is None:
        return conditions
    if created and current:
        message = f'Created new replica set "{current["metadata"]["name"]}"'
        news = _condition("Progressing", "True", "NewReplicaSetCreated", message)
    elif progressing is None and current:
        message = f'Found new replica set "{current["metadata"]["name"]}"'
        news = _condition("Progressing", "True", "FoundNewReplicaSet", message)
    else:
        news = _pause(facts, progressing)
    return _put(conditions, news, moment) if news else conditions


def _pause(facts: Facts, progressing: dict | None) -> dict | None:
    reason, paused = (progressing or {}).get("reason"), facts.spec.get("paused")
    if reason == "ProgressDeadlineExceeded":
        return None
    if paused and reason != "DeploymentPaused":
        return _condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused")
    if not paused and reason == "DeploymentPaused":
        return _condition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed")
    return None


def _progress(
    facts: Facts, before: dict, counts: dict, conditions: list[dict], moment: datetime
) -> list[dict]:
    if strategy.deadline(facts.spec) is None:
        return without(conditions, "Progressing")
    progressing = find(conditions, "Progressing")
    finished = progressing is not None and progressing["reason"] == "NewReplicaSetAvailable"
    if facts.spec.get("paused") or (finished and _all_updated(counts)):
        return conditions
    if _is_complete(facts, counts):
        text = f"{_subject(facts)} has successfully progressed."
        return _put(conditions, _condition("Progressing", "True", "NewReplicaSetAvailable", text), moment)
    if _has_progressed(before, counts):
        text = f"{_subject(facts)} is progressing."
        return _put(
            conditions, _condition("Progressing", "True", "ReplicaSetUpdated", text), moment, always=True
        )
    if _is_late(facts, progressing, moment):
        text = f"{_subject(facts)} has timed out progressing."
        return _put(conditions, _condition("Progressing", "False", "ProgressDeadlineExceeded", text), moment)
    return conditions


def _subject(facts: Facts) -> str:
    current = facts.current
    if current:
        return f'ReplicaSet "{current["metadata"]["name"]}"'
    return f'Deployment "{facts.deployment["metadata"]["name"]}"'


def _all_updated(counts: dict) -> bool:
    return counts.get("replicas", 0) == counts.get("updatedReplicas", 0)


def _is_complete(facts: Facts, counts: dict) -> bool:
    names = ("replicas", "updatedReplicas", "availableReplicas")
    return all(counts.get(name, 0) == facts.target.replicas for name in names)


def _has_progressed(before: dict, after: dict) -> bool:
    grown = ("updatedReplicas", "readyReplicas", "availableReplicas")
    if any(after.get(name, 0) > before.get(name, 0) for name in grown):
        return True
    return _outdated(after) < _outdated(before)


def _outdated(counts: dict) -> int:
    return counts.get("replicas", 0) - counts.get("updatedReplicas", 0)


def _is_late(facts: Facts, progressing: dict | None, moment: datetime) -> bool:
    limit = strategy.deadline(facts.spec)
    if progressing is None or limit is None or progressing["reason"] == "NewReplicaSetAvailable":
        return False
    return times.age(progressing["lastUpdateTime"], moment) > limit


def _failures(facts: Facts, conditions: list[dict], moment: datetime) -> list[dict]:
    """A replica set that cannot create pods makes the Deployment say so."""
    failure = next(filter(None, map(_failure_of, _current_first(facts))), None)
    if not failure:
        return without(conditions, "ReplicaFailure")
    news = _condition("ReplicaFailure", failure["status"], failure["reason"], failure["message"])
    return _put(conditions, news, moment)


def _current_first(facts: Facts) -> Iterable[dict]:
    return [*filter(None, (facts.current,)), *facts.old]


def _failure_of(each: dict) -> dict | None:
    return find(each.get("status", {}).get("conditions") or [], "ReplicaFailure")


def _put(conditions: list[dict], news: dict, moment: datetime, always: bool = False) -> list[dict]:
    told_by = () if always else ("status", "reason")
    return put(conditions, news, moment, touched="lastUpdateTime", told_by=told_by)


def _condition(type: str, status: str, reason: str, message: str) -> dict:
    return {"type": type, "status": status, "reason": reason, "message": message}
