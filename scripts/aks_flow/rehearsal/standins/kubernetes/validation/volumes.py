"""Volumes and their mounts."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.schema import quantity
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, missing, required
from aks_flow.rehearsal.standins.kubernetes.validation.checks import (
    inside,
    matches,
    named,
    need,
    no_way_up,
    one_of,
    unique_names,
)
from aks_flow.rehearsal.standins.kubernetes.validation.references import (
    FILE_FIELDS,
    field_reference,
    resource_reference,
)
from aks_flow.rehearsal.standins.kubernetes.validation.storage import claim_spec

_NEEDED = {
    "secret": ("secretName",),
    "configMap": ("name",),
    "persistentVolumeClaim": ("claimName",),
    "hostPath": ("path",),
    "nfs": ("server", "path"),
    "csi": ("driver",),
    "azureFile": ("secretName", "shareName"),
}
_HOST_TYPES = (
    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
)  # fmt: skip
_MODES = "must be a number between 0 and 0777 (octal), both inclusive"
_LEAST_TOKEN = 600  # seconds
_SEVERAL = "may not specify more than 1 volume type"


def volumes(path: str, spec: dict) -> tuple[list[Cause], set[str]]:
    """What is wrong with the volumes, and the names that containers may mount: no wrong volume's."""
    given = spec.get("volumes") or []
    causes, mountable = [*unique_names(path, given)], set()
    for index, volume in enumerate(given):
        if faults := [*_volume(f"{path}[{index}]", volume)]:
            causes += faults
        else:
            mountable.add(volume["name"])
    return causes, mountable


def _volume(path: str, volume: dict) -> Iterator[Cause]:
    yield from named(f"{path}.name", volume.get("name"), grammar.label)
    sources = [name for name in volume if name != "name"]
    for name in sources[1:]:
        yield forbidden(f"{path}.{name}", _SEVERAL)
    for name in sources[:1]:
        yield from _source(f"{path}.{name}", name, volume[name])


def _source(path: str, name: str, source: dict) -> Iterator[Cause]:
    yield from need(path, source, *_NEEDED.get(name, ()))
    yield from _mode(f"{path}.defaultMode", source.get("defaultMode"))
    yield from (_files if name == "downwardAPI" else _items)(path, source)
    if name == "hostPath":
        yield from no_way_up(f"{path}.path", source.get("path") or "")
        yield from one_of(f"{path}.type", source.get("type"), *_HOST_TYPES)
    elif name == "nfs" and not (source.get("path") or "").startswith("/"):
        yield invalid(f"{path}.path", source.get("path") or "", "must be an absolute path")
    elif name == "csi" and source.get("driver"):
        yield from matches(f"{path}.driver", source["driver"], lambda text: grammar.subdomain(text.lower()))
    elif name == "emptyDir" and quantity.parse(source.get("sizeLimit") or "0") < 0:
        yield forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")
    elif name == "ephemeral":
        template = (source.get("volumeClaimTemplate") or {}).get("spec") or {}
        yield from claim_spec(f"{path}.volumeClaimTemplate.spec", template)
    elif name == "projected":
        yield from _projected(path, source.get("sources") or [])


def _projected(path: str, sources: list[dict]) -> Iterator[Cause]:
    seen = set()
    for index, projection in enumerate(sources):
        at = f"{path}.sources[{index}]"
        if len(projection) > 1:
            yield forbidden(at, _SEVERAL)
        for kind, inner in projection.items():
            yield from _projection(f"{at}.{kind}", kind, inner)
            if kind == "serviceAccountToken":
                yield from need(path, inner, "path")
            for place in (item.get("path") for item in inner.get("items") or ()):
                if place and place in seen:
                    yield invalid(path, inner.get("name") or place, "conflicting duplicate paths")
                seen.add(place)


def _projection(path: str, kind: str, inner: dict) -> Iterator[Cause]:
    if kind in ("secret", "configMap"):
        yield from need(path, inner, "name")
    seconds = inner.get("expirationSeconds", _LEAST_TOKEN)
    if kind == "serviceAccountToken" and seconds < _LEAST_TOKEN:
        yield invalid(f"{path}.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")
    yield from (_files if kind == "downwardAPI" else _items)(path, inner)


def _mode(path: str, mode: int | None) -> Iterator[Cause]:
    """644 is no mode: JSON has no octal numbers, and YAML's begin with 0."""
    if mode is not None and not 0 <= mode <= 0o777:
        yield invalid(path, mode, _MODES)


def mounts(path: str, container: dict, mountable: set[str]) -> Iterator[Cause]:
    """mountable: the names that `volumes` gives."""
    seen = set()
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        at = f"{path}[{index}]"
        yield from need(at, mount, "name")
        if mount.get("name") and mount["name"] not in mountable:
            yield missing(f"{at}.name", mount["name"])
        yield from need(at, mount, "mountPath")
        place = mount.get("mountPath")
        if place and place in seen:
            yield invalid(f"{at}.mountPath", place, "must be unique")
        seen.add(place)
        yield from inside(f"{path}.subPath", mount.get("subPath") or "")
        yield from inside(f"{path}.subPathExpr", mount.get("subPathExpr") or "")
        yield from _propagation(f"{path}.mountPropagation", mount, container)
        if mount.get("subPath") and mount.get("subPathExpr"):
            text = "subPathExpr and subPath are mutually exclusive"
            yield invalid(f"{at}.subPathExpr", mount["subPathExpr"], text)


def _propagation(path: str, mount: dict, container: dict) -> Iterator[Cause]:
    given = mount.get("mountPropagation")
    yield from one_of(path, given, "Bidirectional", "HostToContainer", "None")
    if given == "Bidirectional" and not (container.get("securityContext") or {}).get("privileged"):
        text = "Bidirectional mount propagation is available only to privileged containers"
        yield forbidden(path, text)


def _items(path: str, source: dict) -> Iterator[Cause]:
    for index, item in enumerate(source.get("items") or ()):
        at = f"{path}.items[{index}]"
        yield from need(at, item, "key")
        yield from _file(at, item)


def _files(path: str, source: dict) -> Iterator[Cause]:
    """Files with what the pod knows of itself; a server tells the faults of all at one path."""
    for item in source.get("items") or ():
        yield from _file(path, item)
        if item.get("fieldRef") is not None:
            yield from field_reference(f"{path}.fieldRef", item["fieldRef"], FILE_FIELDS)
            if item.get("resourceFieldRef") is not None:
                text = "fieldRef and resourceFieldRef can not be specified simultaneously"
                yield invalid(path, "resource", text)
        elif item.get("resourceFieldRef") is not None:
            at = f"{path}.resourceFieldRef"
            yield from resource_reference(at, item["resourceFieldRef"], in_file=True)
        else:
            yield required(path, "one of fieldRef and resourceFieldRef is required")


def _file(path: str, item: dict) -> Iterator[Cause]:
    place = item.get("path") or ""
    yield from need(path, item, "path")
    yield from inside(f"{path}.path", place)
    if place.startswith("..") and not place.startswith("../") and place != "..":
        yield invalid(f"{path}.path", place, "must not start with '..'")
    yield from _mode(f"{path}.mode", item.get("mode"))
