"""A Deployment's status, from its replica sets. Pure.

Reasons and messages: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
"""

from collections.abc import Iterable
from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.controllers.conditions import condition, find, without
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment import progress
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.plan import DeploymentFacts

_COUNTS = ("replicas", "readyReplicas", "availableReplicas", "terminatingReplicas")


def derive(facts: DeploymentFacts, moment: datetime, created: bool) -> dict:
    """created: whether this step created the current replica set."""
    before = facts.deployment.get("status", {})
    counts = _counts(facts)
    conditions = progress.condition_before_step(facts, before.get("conditions") or [], moment, created)
    conditions = progress.put_condition(conditions, _availability(facts, counts), moment)
    conditions = progress.condition_after_step(facts, before, counts, conditions, moment)
    status = counts | {"observedGeneration": facts.deployment["metadata"].get("generation", 1)}
    if "collisionCount" in before:
        status["collisionCount"] = before["collisionCount"]
    return status | {"conditions": _failures(facts, conditions, moment)}


def _counts(facts: DeploymentFacts) -> dict:
    total = {name: sum(_status(replica_set, name) for replica_set in facts.sets) for name in _COUNTS}
    current = facts.current
    total["updatedReplicas"] = _status(current, "replicas") if current else 0
    size = sum(replica_set["spec"]["replicas"] for replica_set in facts.sets)
    total["unavailableReplicas"] = max(0, size - total["availableReplicas"])
    return {key: value for key, value in total.items() if value or key == "terminatingReplicas"}


def _status(replica_set: dict, name: str) -> int:
    return replica_set.get("status", {}).get(name, 0)


def _availability(facts: DeploymentFacts, counts: dict) -> dict:
    if counts.get("availableReplicas", 0) >= facts.target.floor:
        return condition(
            "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability."
        )
    message = "Deployment does not have minimum availability."
    return condition("Available", "False", "MinimumReplicasUnavailable", message)


def _failures(facts: DeploymentFacts, conditions: list[dict], moment: datetime) -> list[dict]:
    """A replica set that cannot create pods makes the Deployment say so."""
    failure = next(filter(None, map(_failure_of, _current_first(facts))), None)
    if not failure:
        return without(conditions, "ReplicaFailure")
    news = condition("ReplicaFailure", failure["status"], failure["reason"], failure["message"])
    return progress.put_condition(conditions, news, moment)


def _current_first(facts: DeploymentFacts) -> Iterable[dict]:
    return [*filter(None, (facts.current,)), *facts.old]


def _failure_of(replica_set: dict) -> dict | None:
    return find(replica_set.get("status", {}).get("conditions") or [], "ReplicaFailure")
