"""A volume for a claim: a PersistentVolume of the claim's size, bound to it."""

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM
from aks_flow.rehearsal.standins.kubernetes.objects.events import Recorder
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

PROVISIONER = "volumes.aks-flow.io"
IS_DEFAULT = "storageclass.kubernetes.io/is-default-class"
_BOUND_ANNOTATIONS = {
    "pv.kubernetes.io/bind-completed": "yes",
    "pv.kubernetes.io/bound-by-controller": "yes",
    "volume.kubernetes.io/storage-provisioner": PROVISIONER,
}


def is_bound(claim: dict) -> bool:
    return claim.get("status", {}).get("phase") == "Bound"


def default_class(objects: Objects) -> dict | None:
    classes = objects.list(kinds.STORAGE_CLASS)
    return next(
        (candidate for candidate in classes if _annotations(candidate).get(IS_DEFAULT) == "true"), None
    )


def storage_class(objects: Objects, claim: dict) -> dict | None:
    """The claim's storage class, or the default one if it names none."""
    name = claim["spec"].get("storageClassName")
    if name is None:
        return default_class(objects)
    return objects.find(kinds.STORAGE_CLASS, "", name) if name else None


def waits_for_consumer(storage: dict) -> bool:
    return storage.get("volumeBindingMode") == "WaitForFirstConsumer"


def provide(objects: Objects, recorder: Recorder, claim: dict, node: str = "") -> None:
    """Make the claim's volume and bind the two; node: where the claim's first pod will run."""
    storage = storage_class(objects, claim)
    name = f"pvc-{claim['metadata']['uid']}"
    if storage is None:
        return
    if not objects.find(PERSISTENT_VOLUME, "", name):
        objects.create(PERSISTENT_VOLUME, _volume(claim, storage, name))
    objects.modify(PERSISTENT_VOLUME, "", name, _say_bound, "status")
    _bind(objects, claim, storage, name, node)
    message = f"Successfully provisioned volume {name}"
    recorder.event(claim, "Normal", "ProvisioningSucceeded", message, PROVISIONER)


def _volume(claim: dict, storage: dict, name: str) -> dict:
    metadata, spec = claim["metadata"], claim["spec"]
    return {
        "metadata": {
            "name": name,
            "annotations": {"pv.kubernetes.io/provisioned-by": PROVISIONER},
            "finalizers": ["kubernetes.io/pv-protection"],
        },
        "spec": {
            "accessModes": spec["accessModes"],
            "capacity": {"storage": spec["resources"]["requests"]["storage"]},
            "claimRef": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "namespace": metadata["namespace"],
                "name": metadata["name"],
                "uid": metadata["uid"],
            },
            "csi": {"driver": PROVISIONER, "volumeHandle": name},
            "persistentVolumeReclaimPolicy": storage.get("reclaimPolicy", "Delete"),
            "storageClassName": storage["metadata"]["name"],
            "volumeMode": spec.get("volumeMode", "Filesystem"),
        },
    }


def _bind(objects: Objects, claim: dict, storage: dict, volume: str, node: str) -> None:
    selected = {"volume.kubernetes.io/selected-node": node} if node else {}
    claim["metadata"]["annotations"] = _annotations(claim) | _BOUND_ANNOTATIONS | selected
    claim["spec"] |= {"volumeName": volume, "storageClassName": storage["metadata"]["name"]}
    bound = objects.update(PERSISTENT_VOLUME_CLAIM, claim, subresource="binding")
    bound["status"] = {
        "phase": "Bound",
        "accessModes": claim["spec"]["accessModes"],
        "capacity": {"storage": claim["spec"]["resources"]["requests"]["storage"]},
    }
    objects.update(PERSISTENT_VOLUME_CLAIM, bound, subresource="status")


def _say_bound(volume: dict) -> None:
    volume["status"] = {"phase": "Bound"}


def _annotations(item: dict) -> dict[str, str]:
    return item["metadata"].get("annotations") or {}
