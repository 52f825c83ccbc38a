"""Deployments, StatefulSets, DaemonSets, ReplicaSets."""

from aks_flow.rehearsal.standins.argocd.health.status import (
    DEGRADED,
    HEALTHY,
    PROGRESSING,
    SUSPENDED,
    Health,
    condition,
    unobserved,
)


def deployment(item: dict) -> Health:
    spec, status = item["spec"], item.get("status", {})
    if spec.get("paused"):
        return Health(SUSPENDED, "Deployment is paused")
    if unobserved(item):
        return _waiting("observed deployment generation less than desired generation")
    if condition(item, "Progressing").get("reason") == "ProgressDeadlineExceeded":
        return Health(DEGRADED, f'Deployment "{item["metadata"]["name"]}" exceeded its progress deadline')
    desired, updated = spec.get("replicas", 0), status.get("updatedReplicas", 0)
    total, available = status.get("replicas", 0), status.get("availableReplicas", 0)
    if updated < desired:
        return _waiting(f"{updated} out of {desired} new replicas have been updated...")
    if total > updated:
        return _waiting(f"{total - updated} old replicas are pending termination...")
    if available < updated:
        return _waiting(f"{available} of {updated} updated replicas are available...")
    return Health(HEALTHY)


def stateful_set(item: dict) -> Health:
    spec, status = item["spec"], item.get("status", {})
    if not status.get("observedGeneration") or unobserved(item):
        return Health(PROGRESSING, "Waiting for statefulset spec update to be observed...")
    desired, ready = spec.get("replicas", 0), status.get("readyReplicas", 0)
    if ready < desired:
        return Health(PROGRESSING, f"Waiting for {desired - ready} pods to be ready...")
    strategy, updated = spec.get("updateStrategy", {}), status.get("updatedReplicas", 0)
    if strategy.get("type") == "OnDelete":
        return Health(HEALTHY, f"statefulset has {ready} ready pods")
    if strategy.get("rollingUpdate") is not None:
        return _partitioned(spec, updated)
    if status.get("updateRevision") != status.get("currentRevision"):
        at = f"{updated} pods at revision {status.get('updateRevision')}..."
        return Health(PROGRESSING, f"waiting for statefulset rolling update to complete {at}")
    at = f"{status.get('currentReplicas', 0)} pods at revision {status.get('currentRevision')}..."
    return Health(HEALTHY, f"statefulset rolling update complete {at}")


def _partitioned(spec: dict, updated: int) -> Health:
    """With a ``rollingUpdate``, as the server fills it in; whether the last pod changed is not asked then."""
    partition = spec["updateStrategy"]["rollingUpdate"].get("partition")
    if partition is not None and updated < spec.get("replicas", 0) - partition:
        progress = f"{updated} out of {spec['replicas'] - partition} new pods have been updated..."
        return Health(PROGRESSING, f"Waiting for partitioned roll out to finish: {progress}")
    return Health(HEALTHY, f"partitioned roll out complete: {updated} new pods have been updated...")


def daemon_set(item: dict) -> Health:
    name, status = item["metadata"]["name"], item.get("status", {})
    if unobserved(item):
        return _waiting("observed daemon set generation less than desired generation")
    desired, updated = status.get("desiredNumberScheduled", 0), status.get("updatedNumberScheduled", 0)
    if item["spec"].get("updateStrategy", {}).get("type") == "OnDelete":
        return Health(HEALTHY, f"daemon set {updated} out of {desired} new pods have been updated")
    if updated < desired:
        progress = f"{updated} out of {desired} new pods have been updated..."
    elif status.get("numberAvailable", 0) < desired:
        progress = f"{status.get('numberAvailable', 0)} of {desired} updated pods are available..."
    else:
        return Health(HEALTHY)
    return Health(PROGRESSING, f'Waiting for daemon set "{name}" rollout to finish: {progress}')


def replica_set(item: dict) -> Health:
    if unobserved(item):
        return _waiting("observed replica set generation less than desired generation")
    failure = condition(item, "ReplicaFailure")
    if failure.get("status") == "True":
        return Health(DEGRADED, failure.get("message", ""))
    desired, available = item["spec"].get("replicas", 0), item.get("status", {}).get("availableReplicas", 0)
    if available < desired:
        return _waiting(f"{available} out of {desired} new replicas are available...")
    return Health(HEALTHY)


def _waiting(progress: str) -> Health:
    return Health(PROGRESSING, f"Waiting for rollout to finish: {progress}")
