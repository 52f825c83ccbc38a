"""The kinds that a delivery asks for again and again: where the API has them."""

WATCHED = {  # kind -> plural, API version
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
OWN = ("Deployment", "StatefulSet")  # of what `app.name` may be the name; a canary needs a Deployment
NAMED = {  # a kind of which one object is asked for or written, as kubectl is given it -> plural, API version
    "secret": ("secrets", "v1"),
    "lease": ("leases", "coordination.k8s.io/v1"),
    "applications.argoproj.io": ("applications", "argoproj.io/v1alpha1"),
}
# What holds data, as names by `kubectl get --output=name` begin: a person alone deletes it or puts it back.
LASTING = ("namespace/", "persistentvolumeclaim/", "persistentvolume/", "customresourcedefinition.")


def is_own(item: dict, app: str) -> bool:
    """Whether an object is the app's own workload: of one of these kinds, and of its name."""
    return item["kind"] in OWN and item["metadata"].get("name") == app


def resource(kind: str) -> str:
    """A kind of `WATCHED` as kubectl takes it whatever else a cluster calls so: plural.group."""
    plural, api = WATCHED[kind]
    group = api.rpartition("/")[0].replace("/", "")
    return f"{plural}.{group}" if group else plural
