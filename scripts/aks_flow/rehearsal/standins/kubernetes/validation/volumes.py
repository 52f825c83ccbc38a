"""Volumes and their mounts."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.objects.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import grammar
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, missing
from aks_flow.rehearsal.standins.kubernetes.validation.checks import named, need, one_of, unique_names

_NEEDED = {
    "secret": ("secretName",),
    "configMap": ("name",),
    "persistentVolumeClaim": ("claimName",),
    "hostPath": ("path",),
    "nfs": ("server", "path"),
    "csi": ("driver",),
}
_HOST_TYPES = (
    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
)  # fmt: skip
_MODES = "must be a number between 0 and 0777 (octal), both inclusive"
_SEVERAL = "may not specify more than 1 volume type"


def volumes(path: str, spec: dict) -> Iterator[Cause]:
    given = spec.get("volumes") or []
    yield from unique_names(path, given)
    for index, volume in enumerate(given):
        at = f"{path}[{index}]"
        yield from named(f"{at}.name", volume.get("name"), grammar.label)
        sources = [name for name in volume if name != "name"]
        for name in sources[1:]:
            yield forbidden(f"{at}.{name}", _SEVERAL)
        for name in sources[:1]:
            yield from _source(f"{at}.{name}", name, volume[name])


def _source(path: str, name: str, source: dict) -> Iterator[Cause]:
    yield from need(path, source, *_NEEDED.get(name, ()))
    yield from _items(path, source)
    yield from _mode(f"{path}.defaultMode", source.get("defaultMode"))
    if name == "hostPath":
        yield from one_of(f"{path}.type", source.get("type"), *_HOST_TYPES)
    for index, projection in enumerate(source.get("sources") or () if name == "projected" else ()):
        at = f"{path}.sources[{index}]"
        if len(projection) > 1:
            yield forbidden(at, _SEVERAL)
        for kind, inner in projection.items():
            yield from _items(f"{at}.{kind}", inner)


def _mode(path: str, mode: int | None) -> Iterator[Cause]:
    """644 is no mode: JSON has no octal numbers, and YAML's begin with 0."""
    if mode is not None and not 0 <= mode <= 0o777:
        yield invalid(path, mode, _MODES)


def mounts(path: str, container: dict, names: set[str]) -> Iterator[Cause]:
    """names: the volumes that the pod has."""
    seen = set()
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        at = f"{path}[{index}]"
        yield from need(at, mount, "name")
        if mount.get("name") and mount["name"] not in names:
            yield missing(f"{at}.name", mount["name"])
        yield from need(at, mount, "mountPath")
        place = mount.get("mountPath")
        if place and place in seen:
            yield invalid(f"{at}.mountPath", place, "must be unique")
        seen.add(place)
        yield from _inner(f"{at}.subPath", mount.get("subPath") or "")
        if mount.get("subPath") and mount.get("subPathExpr"):
            text = "subPathExpr and subPath are mutually exclusive"
            yield invalid(f"{at}.subPathExpr", mount["subPathExpr"], text)


def _items(path: str, source: dict) -> Iterator[Cause]:
    for index, item in enumerate(source.get("items") or ()):
        at = f"{path}.items[{index}]"
        yield from need(
            at, item, "path", *(() if "fieldRef" in item or "resourceFieldRef" in item else ("key",))
        )
        yield from _inner(f"{at}.path", item.get("path") or "")
        yield from _mode(f"{at}.mode", item.get("mode"))


def _inner(path: str, text: str) -> Iterator[Cause]:
    """A path that stays inside its volume."""
    if text.startswith("/"):
        yield invalid(path, text, "must be a relative path")
    if ".." in text.split("/"):
        yield invalid(path, text, "must not contain '..'")
