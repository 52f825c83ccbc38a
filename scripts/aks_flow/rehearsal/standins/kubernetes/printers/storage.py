"""Tables of configuration and of volumes."""

from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.printers.columns import table
from aks_flow.rehearsal.standins.kubernetes.printers.values import (
    UNSET,
    age,
    containers,
    labels,
    spec,
    status,
)

_MODES = {
    "ReadWriteOnce": "RWO",
    "ReadOnlyMany": "ROX",
    "ReadWriteMany": "RWX",
    "ReadWriteOncePod": "RWOP",
}


def config_map(item: dict, now: datetime) -> list:
    return [len(item.get("data") or ()) + len(item.get("binaryData") or ()), age(item, now)]


def secret(item: dict, now: datetime) -> list:
    return [item.get("type", ""), len(item.get("data") or ()), age(item, now)]


def claim(item: dict, now: datetime) -> list:
    given = spec(item)
    bound = bool(given.get("volumeName"))
    size = (status(item).get("capacity") or {}).get("storage", "") if bound else ""
    modes = _modes(status(item).get("accessModes")) if bound else ""
    shown = [_phase(item), given.get("volumeName", ""), size, modes, given.get("storageClassName", "")]
    return [*shown, given.get("volumeAttributesClassName") or UNSET, age(item, now), _mode(given)]


def volume(item: dict, now: datetime) -> list:
    given, reference = spec(item), spec(item).get("claimRef")
    owner = f"{reference.get('namespace', '')}/{reference.get('name', '')}" if reference else ""
    size, policy = (
        (given.get("capacity") or {}).get("storage", ""),
        given.get("persistentVolumeReclaimPolicy", ""),
    )
    shown = [size, _modes(given.get("accessModes")), policy, _phase(item), owner]
    classes = [given.get("storageClassName", ""), given.get("volumeAttributesClassName") or UNSET]
    return [*shown, *classes, status(item).get("reason", ""), age(item, now), _mode(given)]


def storage_class(item: dict, now: datetime) -> list:
    fields = ("provisioner", "reclaimPolicy", "volumeBindingMode")
    shown = [item.get(field, "") for field in fields]
    return [*shown, bool(item.get("allowVolumeExpansion")), age(item, now)]


def pod_template(item: dict, now: datetime) -> list:
    template = item.get("template") or {}
    return [*containers(template), labels((template.get("metadata") or {}).get("labels")), age(item, now)]


def controller_revision(item: dict, now: datetime) -> list:
    owners = item["metadata"].get("ownerReferences") or ()
    controller = next((owner for owner in owners if owner.get("controller")), None)
    return [_owner(controller), item.get("revision", 0), age(item, now)]


def _owner(reference: dict | None) -> str:
    if not reference:
        return "<none>"
    group = reference.get("apiVersion", "").rpartition("/")[0]
    return f"{reference.get('kind', '').lower()}{'.' + group if group else ''}/{reference.get('name', '')}"


def _phase(item: dict) -> str:
    return "Terminating" if item["metadata"].get("deletionTimestamp") else status(item).get("phase", "")


def _modes(modes: list[str] | None) -> str:
    return ",".join(short for mode, short in _MODES.items() if mode in (modes or ()))


def _mode(given: dict) -> str:
    return given.get("volumeMode") or UNSET


_VOLUME = ("Capacity", "Access Modes", "Reclaim Policy", "Status", "Claim", "StorageClass")
_CLAIM = ("Status", "Volume", "Capacity", "Access Modes", "StorageClass", "VolumeAttributesClass", "Age")
TABLES = {
    kinds.CONFIG_MAP: table(config_map, "Data", "Age"),
    kinds.SECRET: table(secret, "Type", "Data", "Age"),
    kinds.PERSISTENT_VOLUME_CLAIM: table(claim, *_CLAIM, "+VolumeMode"),
    kinds.PERSISTENT_VOLUME: table(volume, *_VOLUME, "VolumeAttributesClass", "Reason", "Age", "+VolumeMode"),
    kinds.STORAGE_CLASS: table(
        storage_class,
        "Provisioner",
        "ReclaimPolicy",
        "VolumeBindingMode",
        "AllowVolumeExpansion:boolean",
        "Age",
    ),
    kinds.POD_TEMPLATE: table(pod_template, "Containers", "Images", "Pod Labels", "Age"),
    kinds.CONTROLLER_REVISION: table(controller_revision, "Controller", "Revision", "Age"),
}
