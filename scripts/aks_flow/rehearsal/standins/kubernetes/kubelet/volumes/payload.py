"""What the files of a ConfigMap, Secret, downward API or projected volume hold: a pure function."""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.kubelet.spec import fields
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.errors import ContainerConfigError

DEFAULT_MODE = 0o644
KINDS = ("configMap", "secret", "downwardAPI", "projected")


class VolumeError(Exception):
    """A volume that cannot be set up, yet or ever; the message goes into the event FailedMount."""


@dataclass(frozen=True)
class File:
    content: bytes
    mode: int


@dataclass(frozen=True)
class VolumeSources:
    """config_map and secret: name -> the object of the pod's namespace, or None."""

    config_map: Callable[[str], dict | None]
    secret: Callable[[str], dict | None]
    facts: fields.PodFacts


def files(pod: dict, volume: dict, sources: VolumeSources) -> dict[str, File]:
    """Relative path -> file, for a volume with a source of KINDS. VolumeError if one is missing."""
    kind = next(kind for kind in KINDS if kind in volume)
    source = volume[kind]
    mode = source.get("defaultMode", DEFAULT_MODE)
    if kind != "projected":
        return _files(pod, kind, source, mode, sources)
    by_path: dict[str, File] = {}
    for part in source.get("sources") or ():
        for part_kind, part_source in part.items():
            by_path |= _files(pod, part_kind, part_source, mode, sources)
    return by_path


def _files(pod: dict, kind: str, source: dict, mode: int, sources: VolumeSources) -> dict[str, File]:
    if kind == "downwardAPI":
        return {
            item["path"]: File(_downward(pod, item, sources.facts).encode(), item.get("mode") or mode)
            for item in source.get("items") or ()
        }
    if kind not in ("configMap", "secret"):
        raise VolumeError(f"{kind} volumes are not available in the rehearsal cluster")
    return _selected(_data(kind, source, sources), source, mode, kind)


def _downward(pod: dict, item: dict, facts: fields.PodFacts) -> str:
    try:
        if reference := item.get("fieldRef"):
            return fields.field(pod, reference["fieldPath"], facts)
        reference = item["resourceFieldRef"]
        return fields.resource(pod, reference.get("containerName", ""), reference, facts)
    except ContainerConfigError as error:
        raise VolumeError(str(error)) from error


def _data(kind: str, source: dict, sources: VolumeSources) -> dict[str, bytes]:
    name = source.get("secretName") or source.get("name", "")
    item = sources.secret(name) if kind == "secret" else sources.config_map(name)
    if item is None:
        if source.get("optional"):
            return {}
        raise VolumeError(f'{kind.lower()} "{name}" not found')
    encoded = item.get("data") or {} if kind == "secret" else item.get("binaryData") or {}
    data = {key: base64.b64decode(value) for key, value in encoded.items()}
    if kind == "configMap":
        data |= {key: value.encode() for key, value in (item.get("data") or {}).items()}
    return data


def _selected(data: dict[str, bytes], source: dict, mode: int, kind: str) -> dict[str, File]:
    items = source.get("items")
    if items is None:
        return {key: File(content, mode) for key, content in data.items()}
    chosen = {}
    for item in items:
        if item["key"] in data:
            chosen[item["path"]] = File(data[item["key"]], item.get("mode") or mode)
        elif not source.get("optional"):
            raise VolumeError(f"{kind.lower()} references non-existent {kind.lower()} key: {item['key']}")
    return chosen
