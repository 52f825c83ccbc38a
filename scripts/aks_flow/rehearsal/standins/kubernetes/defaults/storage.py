"""Defaults of volume claims, volumes, storage classes, Secrets."""

from base64 import b64encode

from aks_flow.rehearsal.standins.kubernetes.defaults.fill import fill, given, part


def claim(item: dict) -> None:
    fill(part(item, "spec"), volumeMode="Filesystem")
    fill(part(item, "status"), phase="Pending")


def volume(item: dict) -> None:
    spec = part(item, "spec")
    fill(spec, persistentVolumeReclaimPolicy="Retain", volumeMode="Filesystem")
    if path := given(spec, "hostPath"):
        fill(path, type="")
    fill(part(item, "status"), phase="Pending")


def storage_class(item: dict) -> None:
    fill(item, reclaimPolicy="Delete", volumeBindingMode="Immediate")


def secret(item: dict) -> None:
    """stringData is for writing only: it ends in data."""
    fill(item, type="Opaque")
    if plain := given(item, "stringData"):
        part(item, "data").update(
            {key: b64encode(str(text).encode()).decode() for key, text in plain.items()}
        )
    item.pop("stringData", None)
