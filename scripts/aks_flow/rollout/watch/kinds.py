"""Which kinds of objects tell about a goal, and where the API has them."""

from aks_flow.rollout.verdict.goal import RolloutGoal

API = {  # kind -> plural, API version
    "Deployment": ("deployments", "apps/v1"),
    "ReplicaSet": ("replicasets", "apps/v1"),
    "StatefulSet": ("statefulsets", "apps/v1"),
    "DaemonSet": ("daemonsets", "apps/v1"),
    "ControllerRevision": ("controllerrevisions", "apps/v1"),
    "Job": ("jobs", "batch/v1"),
    "Pod": ("pods", "v1"),
    "Event": ("events", "v1"),
    "EndpointSlice": ("endpointslices", "discovery.k8s.io/v1"),
}
_BESIDE = {"Deployment": "ReplicaSet", "DaemonSet": "ControllerRevision"}


def of(goal: RolloutGoal) -> list[str]:
    """The kinds to look at, the workloads' own first."""
    own = sorted(goal.kinds)
    beside = [_BESIDE[kind] for kind in own if kind in _BESIDE]
    return [*own, *beside, "Pod", "Event", *(["EndpointSlice"] if goal.services else [])]


def resource(kind: str) -> str:
    """The kind as kubectl takes it whatever else a cluster calls so: plural.group."""
    plural, api = API[kind]
    group = api.rpartition("/")[0].replace("/", "")
    return f"{plural}.{group}" if group else plural
