"""A claim's size: when it may change."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects


def claim(objects: Objects, phase: str) -> None:
    metadata = {"name": "data", "namespace": "default"}
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": "quick", "resources": storage("2Gi")}
    objects.create(kinds.PERSISTENT_VOLUME_CLAIM, {"metadata": metadata, "spec": spec})
    status = {"phase": phase, "capacity": {"storage": "2Gi"}}
    item = objects.get(kinds.PERSISTENT_VOLUME_CLAIM, "default", "data") | {"status": status}
    objects.update(kinds.PERSISTENT_VOLUME_CLAIM, item, "status")


def storage(size: str) -> dict:
    return {"requests": {"storage": size}}


def resize(objects: Objects, size: str) -> str:
    def change(item: dict) -> None:
        item["spec"]["resources"] = storage(size)

    try:
        objects.modify(kinds.PERSISTENT_VOLUME_CLAIM, "default", "data", change)
    except StatusError as error:
        return error.message
    return ""


@pytest.mark.parametrize(
    ("phase", "size", "why"),
    [
        ("Pending", "3Gi", "Only bound persistent volume claims can be expanded"),
        ("Pending", "1Gi", "spec is immutable after creation except resources.requests"),
        ("Bound", "3Gi", "the storageclass that provisions the pvc must support resize"),
        ("Bound", "1Gi", "spec.resources.requests.storage: Forbidden: field can not be less than status.cap"),
        ("Bound", "2048Mi", ""),
    ],
)
def test_a_claim_keeps_its_size(objects, phase, size, why):
    claim(objects, phase)
    said = resize(objects, size)
    assert why in said
    assert bool(said) == bool(why)


def test_a_claim_of_a_class_that_allows_it_grows(objects):
    quick = {"metadata": {"name": "quick"}, "provisioner": "x", "allowVolumeExpansion": True}
    objects.create(kinds.STORAGE_CLASS, quick)
    claim(objects, "Bound")
    assert resize(objects, "3Gi") == ""
