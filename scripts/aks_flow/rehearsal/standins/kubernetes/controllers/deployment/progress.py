"""Whether a rollout moves: the Progressing condition of a Deployment. Pure.

Reasons and messages: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
"""

from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.controllers.conditions import condition, find, put, without
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment import strategy
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.plan import DeploymentFacts


def condition_before_step(
    facts: DeploymentFacts, conditions: list[dict], moment: datetime, created: bool
) -> list[dict]:
    """The conditions before a step: the replica set was created or found, the rollout paused or resumed."""
    progressing, current = find(conditions, "Progressing"), facts.current
    if strategy.deadline(facts.spec) is None:
        return conditions
    if created and current:
        message = f'Created new replica set "{current["metadata"]["name"]}"'
        news = condition("Progressing", "True", "NewReplicaSetCreated", message)
    elif progressing is None and current:
        message = f'Found new replica set "{current["metadata"]["name"]}"'
        news = condition("Progressing", "True", "FoundNewReplicaSet", message)
    else:
        news = _pause(facts, progressing)
    return put_condition(conditions, news, moment) if news else conditions


def _pause(facts: DeploymentFacts, progressing: dict | None) -> dict | None:
    reason, paused = (progressing or {}).get("reason"), facts.spec.get("paused")
    if reason == "ProgressDeadlineExceeded":
        return None
    if paused and reason != "DeploymentPaused":
        return condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused")
    if not paused and reason == "DeploymentPaused":
        return condition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed")
    return None


def condition_after_step(
    facts: DeploymentFacts, before: dict, counts: dict, conditions: list[dict], moment: datetime
) -> list[dict]:
    """The conditions after a step: the rollout is complete, has progressed since ``before``, or is late."""
    if strategy.deadline(facts.spec) is None:
        return without(conditions, "Progressing")
    progressing = find(conditions, "Progressing")
    finished = progressing is not None and progressing["reason"] == "NewReplicaSetAvailable"
    if facts.spec.get("paused") or (finished and _all_updated(counts)):
        return conditions
    if _is_complete(facts, counts):
        news = ("True", "NewReplicaSetAvailable", f"{_subject(facts)} has successfully progressed.")
    elif _has_progressed(before, counts):
        news = ("True", "ReplicaSetUpdated", f"{_subject(facts)} is progressing.")
    elif _is_late(facts, progressing, moment):
        news = ("False", "ProgressDeadlineExceeded", f"{_subject(facts)} has timed out progressing.")
    else:
        return conditions
    # Each progress starts the deadline anew, so it is news even if the same was said before.
    always = news[1] == "ReplicaSetUpdated"
    return put_condition(conditions, condition("Progressing", *news), moment, always)


def _subject(facts: DeploymentFacts) -> str:
    current = facts.current
    if current:
        return f'ReplicaSet "{current["metadata"]["name"]}"'
    return f'Deployment "{facts.deployment["metadata"]["name"]}"'


def _all_updated(counts: dict) -> bool:
    return counts.get("replicas", 0) == counts.get("updatedReplicas", 0)


def _is_complete(facts: DeploymentFacts, counts: dict) -> bool:
    names = ("replicas", "updatedReplicas", "availableReplicas")
    return all(counts.get(name, 0) == facts.target.replicas for name in names)


def _has_progressed(before: dict, after: dict) -> bool:
    grown = ("updatedReplicas", "readyReplicas", "availableReplicas")
    if any(after.get(name, 0) > before.get(name, 0) for name in grown):
        return True
    return _outdated(after) < _outdated(before)


def _outdated(counts: dict) -> int:
    return counts.get("replicas", 0) - counts.get("updatedReplicas", 0)


def _is_late(facts: DeploymentFacts, progressing: dict | None, moment: datetime) -> bool:
    limit = strategy.deadline(facts.spec)
    if progressing is None or limit is None or progressing["reason"] == "NewReplicaSetAvailable":
        return False
    return times.seconds_since(progressing["lastUpdateTime"], moment) > limit


def seconds_to_deadline(facts: DeploymentFacts, status: dict, moment: datetime) -> float | None:
    """When the rollout's deadline is due, if it still counts."""
    limit, progressing = strategy.deadline(facts.spec), find(status["conditions"], "Progressing")
    if limit is None or progressing is None or facts.spec.get("paused"):
        return None
    if progressing["reason"] in ("NewReplicaSetAvailable", "ProgressDeadlineExceeded"):
        return None
    return max(0, limit - times.seconds_since(progressing["lastUpdateTime"], moment)) + 1


def put_condition(conditions: list[dict], news: dict, moment: datetime, always: bool = False) -> list[dict]:
    told_by = () if always else ("status", "reason")
    return put(conditions, news, moment, touched="lastUpdateTime", told_by=told_by)
