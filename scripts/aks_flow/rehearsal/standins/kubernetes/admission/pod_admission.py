"""What a new pod takes from limit ranges, its service account and its priority class."""

from aks_flow.rehearsal.standins.kubernetes.admission import limit_ranges
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError, forbidden
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.store import ObjectStore

_LIMIT_RANGER = "kubernetes.io/limit-ranger"
_KEPT = ("priority", "preemptionPolicy", "priorityClassName")


def admit(store: ObjectStore, pod: dict, old: dict | None) -> None:
    """Complete a pod in place. StatusError 403 if a new one's account or priority class is not there."""
    if old is not None:
        kept = {field: old["spec"][field] for field in _KEPT if field in old["spec"]}
        pod["spec"] = kept | pod["spec"]
        return
    _take_limits(store, pod)
    _take_from_account(store, pod)
    _take_priority(store, pod)


def _take_limits(store: ObjectStore, pod: dict) -> None:
    """The annotation tells of the last LimitRange that gave something."""
    metadata = pod["metadata"]
    for limit_range in store.list(kinds.LIMIT_RANGE.resource, metadata["namespace"]):
        if told := limit_ranges.fill(pod, limit_range):
            text = f"LimitRanger plugin set: {'; '.join(told)}"
            metadata["annotations"] = (metadata.get("annotations") or {}) | {_LIMIT_RANGER: text}


def _take_from_account(store: ObjectStore, pod: dict) -> None:
    spec, namespace = pod["spec"], pod["metadata"]["namespace"]
    name = spec.get("serviceAccountName") or spec.get("serviceAccount") or "default"
    account = store.get(kinds.SERVICE_ACCOUNT.resource, namespace, name)
    if account is None:
        text = f'error looking up service account {namespace}/{name}: serviceaccount "{name}" not found'
        raise _refused(pod, text)
    if account.get("imagePullSecrets") and not spec.get("imagePullSecrets"):
        spec["imagePullSecrets"] = [dict(reference) for reference in account["imagePullSecrets"]]


def _take_priority(store: ObjectStore, pod: dict) -> None:
    spec, priority_class = pod["spec"], _class_of(store, pod)
    value = priority_class.get("value", 0)
    if spec.get("priority", value) != value:
        raise _refused(pod, _given(spec["priority"], value))
    if priority_class:
        spec |= {"priorityClassName": priority_class["metadata"]["name"], "priority": value}
        spec.setdefault("preemptionPolicy", priority_class["preemptionPolicy"])


def _class_of(store: ObjectStore, pod: dict) -> dict:
    """The class that a pod names, or the one for all that name none; {} without either."""
    name, resource = pod["spec"].get("priorityClassName"), kinds.PRIORITY_CLASS.resource
    if not name:
        return _for_all(store)
    priority_class = store.get(resource, "", name)
    if priority_class is None:
        raise _refused(pod, f"no PriorityClass with name {name} was found")
    return priority_class


def _for_all(store: ObjectStore) -> dict:
    classes = [
        priority_class
        for priority_class in store.list(kinds.PRIORITY_CLASS.resource)
        if priority_class.get("globalDefault")
    ]
    return min(classes, key=lambda priority_class: priority_class.get("value", 0), default={})


def _refused(pod: dict, why: str) -> StatusError:
    """A generated name is not known yet where a standard server decides this."""
    metadata = pod["metadata"]
    return forbidden(kinds.POD, metadata.get("generateName") or metadata["name"], why)


def _given(priority: int, value: int) -> str:
    return (
        f"the integer value of priority ({priority}) must not be provided in pod spec; "
        f"priority admission controller computed {value} from the given PriorityClass name"
    )
