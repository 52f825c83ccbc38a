"""PersistentVolumeClaims: their storage class, their volume, and how both end."""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.kubernetes.controllers import owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.reporting import ReportingController
from aks_flow.rehearsal.standins.kubernetes.controllers.volumes import provision
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange

_PROTECTION = "kubernetes.io/pvc-protection"
# The classes that every AKS cluster has and manifests name; both are the same here.
_CLASSES = {"default": "true", "managed-csi": "false"}


def create_storage_classes(objects: Objects) -> None:
    """Create the storage classes, if they are missing."""
    for name, is_default in _CLASSES.items():
        if not objects.find(kinds.STORAGE_CLASS, "", name):
            item = {
                "metadata": {"name": name, "annotations": {provision.IS_DEFAULT: is_default}},
                "provisioner": provision.PROVISIONER,
                "reclaimPolicy": "Delete",
                "volumeBindingMode": "WaitForFirstConsumer",
                "allowVolumeExpansion": True,
            }
            objects.create(kinds.STORAGE_CLASS, item)


class VolumeController(ReportingController):
    name = "persistentvolume-controller"

    def watches(self):
        return {
            PERSISTENT_VOLUME_CLAIM: lambda change: [owners.key(change.object)],
            kinds.STORAGE_CLASS: self._every_claim,
            kinds.POD: self._claims_of_ended_pod,
            PERSISTENT_VOLUME: self._claim_of_volume,
        }

    def _every_claim(self, _change: ObjectChange) -> list[tuple[str, str]]:
        return [owners.key(claim) for claim in self._objects.list(PERSISTENT_VOLUME_CLAIM)]

    def _claims_of_ended_pod(self, change: ObjectChange) -> Iterable[tuple[str, str]]:
        if change.type == "DELETED" or pods.is_finished(change.object):
            namespace = change.object["metadata"]["namespace"]
            yield from ((namespace, name) for name in _claim_names(change.object))

    def _claim_of_volume(self, change: ObjectChange) -> Iterable[tuple[str, str]]:
        if claim := change.object["spec"].get("claimRef"):
            yield claim["namespace"], claim["name"]

    def reconcile(self, key: tuple[str, str]) -> None:
        self._end_volumes(key)
        claim = self._objects.find(PERSISTENT_VOLUME_CLAIM, *key)
        if claim is None:
            return
        if owners.is_deleted(claim):
            self._release_claim(claim)
            return
        claim = self._complete(claim)
        if not provision.is_bound(claim):
            self._await_volume(claim)

    def _await_volume(self, claim: dict) -> None:
        storage = provision.storage_class(self._objects, claim)
        if storage is None:
            self._report_no_storage(claim)
        elif provision.waits_for_consumer(storage):
            message = "waiting for first consumer to be created before binding"
            self._report(claim, "WaitForFirstConsumer", message)
        else:
            provision.provide(self._objects, self._recorder, claim)

    def _complete(self, claim: dict) -> dict:
        """The default class, the finalizer that protects a claim in use, and a first phase."""
        default = provision.default_class(self._objects)
        if "storageClassName" not in claim["spec"] and default:
            claim["spec"]["storageClassName"] = default["metadata"]["name"]
        finalizers = claim["metadata"].setdefault("finalizers", [])
        if _PROTECTION not in finalizers:
            finalizers.append(_PROTECTION)
        claim = self._objects.update(PERSISTENT_VOLUME_CLAIM, claim, subresource="binding")
        claim["status"] = claim.get("status") or {"phase": "Pending"}
        return self._objects.update(PERSISTENT_VOLUME_CLAIM, claim, subresource="status")

    def _report_no_storage(self, claim: dict) -> None:
        name = claim["spec"].get("storageClassName")
        if name:
            message = f'storageclass.storage.k8s.io "{name}" not found'
            self._report(claim, "ProvisioningFailed", message, "Warning")
        else:
            message = "no persistent volumes available for this claim and no storage class is set"
            self._report(claim, "FailedBinding", message)

    def _release_claim(self, claim: dict) -> None:
        """Let go of a claim that no pod uses any more."""
        namespace, name = owners.key(claim)
        users = (pod for pod in self._objects.list(kinds.POD, namespace) if not pods.is_finished(pod))
        if not any(name in _claim_names(pod) for pod in users):
            owners.drop_finalizer(self._objects, PERSISTENT_VOLUME_CLAIM, claim, _PROTECTION)

    def _end_volumes(self, key: tuple[str, str]) -> None:
        """A volume whose claim is gone is deleted, or kept as Released."""
        claim = self._objects.find(PERSISTENT_VOLUME_CLAIM, *key)
        for volume in self._objects.list(PERSISTENT_VOLUME):
            reference = volume["spec"].get("claimRef") or {}
            if (reference.get("namespace"), reference.get("name")) != key:
                continue
            if claim is None or claim["metadata"]["uid"] != reference.get("uid"):
                self._end_volume(volume)

    def _end_volume(self, volume: dict) -> None:
        name = volume["metadata"]["name"]
        if volume["spec"].get("persistentVolumeReclaimPolicy") != "Delete":
            self._objects.modify(PERSISTENT_VOLUME, "", name, _say_released, "status")
            return
        self._objects.delete(PERSISTENT_VOLUME, "", name)
        marked = self._objects.find(PERSISTENT_VOLUME, "", name)
        if marked:
            owners.drop_finalizer(self._objects, PERSISTENT_VOLUME, marked, "kubernetes.io/pv-protection")


def _claim_names(pod: dict) -> list[str]:
    claims = (volume.get("persistentVolumeClaim") for volume in pod["spec"].get("volumes") or ())
    return [claim["claimName"] for claim in claims if claim]


def _say_released(volume: dict) -> None:
    volume["status"] = {"phase": "Released"}
