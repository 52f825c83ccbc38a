"""What makes a pod of a StatefulSet itself: its name, its labels and its volume claims. Pure."""

import re

from aks_flow.rehearsal.standins.kubernetes.controllers import owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.history import POD_HASH, ControllerRevision
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds

_NAME = re.compile(r"(.*)-([0-9]+)")
_POD_NAME = "statefulset.kubernetes.io/pod-name"
_POD_INDEX = "apps.kubernetes.io/pod-index"


def ordinal_of(pod: dict, owner: dict) -> int | None:
    """``cache-0`` -> 0; None if the name is not the set's own."""
    match = _NAME.fullmatch(pod["metadata"]["name"])
    return int(match[2]) if match and match[1] == owner["metadata"]["name"] else None


def pod(owner: dict, revision: ControllerRevision, ordinal: int) -> dict:
    made = pods.from_template(kinds.STATEFUL_SET, owner, revision.template)
    name = f"{owner['metadata']['name']}-{ordinal}"
    labels = {_POD_NAME: name, _POD_INDEX: str(ordinal), POD_HASH: revision.name}
    made["metadata"]["name"] = name
    made["metadata"]["labels"] = made["metadata"].get("labels", {}) | labels
    made["spec"] = made["spec"] | {"hostname": name, "volumes": _volumes(owner, made["spec"], ordinal)}
    if service := owner["spec"].get("serviceName"):
        made["spec"]["subdomain"] = service
    return made


def _volumes(owner: dict, spec: dict, ordinal: int) -> list[dict]:
    """A claim's volume replaces the template's volume of the same name."""
    claimed = [
        {
            "name": template["metadata"]["name"],
            "persistentVolumeClaim": {"claimName": claim_name(owner, template, ordinal)},
        }
        for template in owner["spec"].get("volumeClaimTemplates") or ()
    ]
    names = {volume["name"] for volume in claimed}
    return claimed + [volume for volume in spec.get("volumes") or () if volume["name"] not in names]


def claim_name(owner: dict, template: dict, ordinal: int) -> str:
    return f"{template['metadata']['name']}-{owner['metadata']['name']}-{ordinal}"


def claims(owner: dict, ordinal: int) -> list[dict]:
    return [_claim(owner, template, ordinal) for template in owner["spec"].get("volumeClaimTemplates") or ()]


def _claim(owner: dict, template: dict, ordinal: int) -> dict:
    selected = owner["spec"]["selector"].get("matchLabels") or {}
    metadata = {
        "name": claim_name(owner, template, ordinal),
        "namespace": owner["metadata"]["namespace"],
        "labels": (template["metadata"].get("labels") or {}) | selected,
        "annotations": template["metadata"].get("annotations") or {},
    }
    retention = owner["spec"].get("persistentVolumeClaimRetentionPolicy") or {}
    if retention.get("whenDeleted") == "Delete":
        metadata["ownerReferences"] = [owners.reference(kinds.STATEFUL_SET, owner)]
    return {"metadata": metadata, "spec": template["spec"]}
