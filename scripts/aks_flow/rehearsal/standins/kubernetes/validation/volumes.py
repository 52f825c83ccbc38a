"""Volumes and their mounts."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.objects.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import grammar
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, missing
from aks_flow.rehearsal.standins.kubernetes.validation.checks import named, need, unique_names

_NEEDED = {
    "secret": ("secretName",),
    "configMap": ("name",),
    "persistentVolumeClaim": ("claimName",),
    "hostPath": ("path",),
    "nfs": ("server", "path"),
    "csi": ("driver",),
}


def volumes(path: str, spec: dict) -> Iterator[Cause]:
    given = spec.get("volumes") or []
    yield from unique_names(path, given)
    for index, volume in enumerate(given):
        at = f"{path}[{index}]"
        yield from named(f"{at}.name", volume.get("name"), grammar.label)
        sources = [name for name in volume if name != "name"]
        for name in sources[1:]:
            yield forbidden(f"{at}.{name}", "may not specify more than 1 volume type")
        for name in sources[:1]:
            yield from need(f"{at}.{name}", volume[name], *_NEEDED.get(name, ()))
            yield from _items(f"{at}.{name}", volume[name])


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


def _items(path: str, source: dict) -> Iterator[Cause]:
    for index, item in enumerate(source.get("items") or ()):
        at = f"{path}.items[{index}]"
        yield from need(
            at, item, "path", *(() if "fieldRef" in item or "resourceFieldRef" in item else ("key",))
        )
        yield from _inner(f"{at}.path", item.get("path") or "")


def _inner(path: str, text: str) -> Iterator[Cause]:
    """A path that stays inside its volume."""
    if text.startswith("/"):
        yield invalid(path, text, "must be a relative path")
    if ".." in text.split("/"):
        yield invalid(path, text, "must not contain '..'")
