"""Volumes and their mounts: both are there, and what is mounted alone is in the volume."""

from collections.abc import Collection, Iterator

from aks_flow.manifests.checks.facts import ManifestFacts, Workload
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.secrets import AnyKey, keys_of
from aks_flow.manifests.checks.view import FieldView

SOURCES = {"configMap": ("ConfigMap", "name"), "secret": ("Secret", "secretName")}


def mounts(facts: ManifestFacts) -> Findings:
    for workload in facts.workloads:
        volumes = {volume["name"].text: volume for volume in workload.pod["volumes"].items()}
        templates = workload.owner.spec["volumeClaimTemplates"].items()
        claims = {template["metadata"]["name"].text: template for template in templates}
        used = {name.text: name for name in _used(workload)}
        for name in sorted(used.keys() - volumes.keys() - claims.keys()):
            what = f"volume {name} is mounted but not declared"
            yield ManifestFinding("volume-undeclared", workload.owner, used[name], what)
        for name in sorted((volumes | claims).keys() - used.keys()):
            what = f"volume {name} is declared but not mounted"
            yield ManifestFinding("volume-unmounted", workload.owner, (volumes | claims)[name], what)


def _used(workload: Workload) -> Iterator[FieldView]:
    for container in [*workload.containers, *workload.pod["ephemeralContainers"].items()]:
        for kind in ("volumeMounts", "volumeDevices"):
            yield from (mount["name"] for mount in container[kind].items())
        files = (entry["valueFrom"]["fileKeyRef"]["volumeName"] for entry in container["env"].items())
        yield from (name for name in files if name)


def sub_paths(facts: ManifestFacts) -> Findings:
    """A subPath that a ConfigMap or Secret does not have becomes an empty folder."""
    for workload in facts.workloads:
        volumes = {volume["name"].text: volume for volume in workload.pod["volumes"].items()}
        for container in workload.containers:
            for mount in container["volumeMounts"].items():
                path, volume = mount["subPath"], volumes.get(mount["name"].text)
                files = _files(facts, workload, volume) if path.text and volume else AnyKey()
                if files is not None and not _holds(files, path.text):
                    what = f"volume {mount['name'].text} has no {path.text}"
                    yield ManifestFinding("sub-path", workload.owner, path, what)


def _holds(files: Collection[str], path: str) -> bool:
    """Whether there is such a file, or a folder above one."""
    return path in files or any(file.startswith(f"{path.rstrip('/')}/") for file in files)


def _files(facts: ManifestFacts, workload: Workload, volume: FieldView) -> Collection[str]:
    """What a volume of ConfigMaps and Secrets holds; any, if that cannot be said."""
    for source, (kind, name) in SOURCES.items():
        if volume[source]:
            return _projected(facts, workload, kind, volume[source], volume[source][name].text)
    files: set[str] = set()
    for entry in volume["projected"]["sources"].items():
        source = next((source for source in SOURCES if entry[source]), None)
        if source is None:
            return AnyKey()
        more = _projected(facts, workload, SOURCES[source][0], entry[source], entry[source]["name"].text)
        if isinstance(more, AnyKey):
            return more
        files |= set(more)
    return files if volume["projected"] else AnyKey()


def _projected(
    facts: ManifestFacts, workload: Workload, kind: str, source: FieldView, name: str
) -> Collection[str]:
    """One that does not exist is found as that."""
    if items := source["items"].items():
        return {item["path"].text for item in items}
    keys = keys_of(facts, kind, name, workload.owner)
    return AnyKey() if keys is None else keys
