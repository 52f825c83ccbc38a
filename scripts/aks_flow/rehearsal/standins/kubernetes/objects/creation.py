"""What the server gives a new object of a kind beyond its defaults: a first status, finalizers, labels."""

from aks_flow.rehearsal.standins.kubernetes import schema
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.objects.object_meta import begin


def prepare(kind: Kind, item: dict) -> None:
    """Complete a new object in place, after its defaults and before validation."""
    begin(kind, item["metadata"])
    if "status" in kind.subresources:
        item["status"] = schema.zero(kind).get("status")
        if item["status"] is None:
            del item["status"]
    if special := _SPECIAL.get(kind):
        special(item)


def _namespace(item: dict) -> None:
    item["spec"] = {"finalizers": ["kubernetes"]}
    item["status"] = {"phase": "Active"}


def _pod(item: dict) -> None:
    item["status"] = {"phase": "Pending", "qosClass": quality(item.get("spec") or {})}


def quality(spec: dict) -> str:
    """A pod's class of service: Guaranteed, Burstable or BestEffort."""
    containers = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
    resources = [container.get("resources") or {} for container in containers]
    if not any(requirements.get("limits") or requirements.get("requests") for requirements in resources):
        return "BestEffort"
    return "Guaranteed" if all(map(_is_guaranteed, resources)) else "Burstable"


def _is_guaranteed(resources: dict) -> bool:
    limits = resources.get("limits") or {}
    return {"cpu", "memory"} <= set(limits) and limits == {**limits, **(resources.get("requests") or {})}


def _job(item: dict) -> None:
    """A Job selects its pods by its own uid, unless its author took that on."""
    spec = item.get("spec") or {}
    if spec.get("manualSelector") or not isinstance(spec.get("template"), dict):
        return
    uid, name = item["metadata"]["uid"], item["metadata"].get("name", "")
    added = {
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": name,
        "controller-uid": uid,
        "job-name": name,
    }
    template = spec["template"].setdefault("metadata", {})
    template["labels"] = (template.get("labels") or {}) | added
    item["metadata"]["labels"] = item["metadata"].get("labels") or dict(template["labels"])
    selected = spec.setdefault("selector", {}).setdefault("matchLabels", {})
    selected["batch.kubernetes.io/controller-uid"] = uid


_SPECIAL = {kinds.NAMESPACE: _namespace, kinds.POD: _pod, kinds.JOB: _job}
