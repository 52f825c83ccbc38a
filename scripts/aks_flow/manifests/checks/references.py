"""What a pod refers to by name: ConfigMaps, Secrets and their keys, volumes."""

from collections.abc import Collection, Iterator, Mapping

from aks_flow.manifests.checks.facts import ManifestFacts, ManifestFinding, Workload

# kind -> where it is named: in a variable, in all variables, in a volume; and the field that holds the name.
KINDS = {
    "ConfigMap": ("configMapKeyRef", "configMapRef", "configMap", "name"),
    "Secret": ("secretKeyRef", "secretRef", "secret", "secretName"),
}


def references(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    for workload in facts.workloads():
        for kind, name, keys in _named(workload):
            yield from (ManifestFinding(workload.name, text) for text in _missing(facts, kind, name, keys))
        yield from (ManifestFinding(workload.name, text) for text in _mounts(workload))


def _named(workload: Workload) -> Iterator[tuple[str, str, list[str]]]:
    """(kind, name, keys) of everything that the pod cannot start without."""
    for kind, (variable, variables, volume, name_field) in KINDS.items():
        for container in workload.containers():
            for entry in container.get("env", []):
                if reference := _required(entry.get("valueFrom", {}).get(variable)):
                    yield kind, reference["name"], [reference["key"]]
            for entry in container.get("envFrom", []):
                if reference := _required(entry.get(variables)):
                    yield kind, reference["name"], []
        for entry in workload.pod.get("volumes", []):
            if reference := _required(entry.get(volume)):
                yield kind, reference[name_field], [item["key"] for item in reference.get("items", [])]


def _required(reference: Mapping | None) -> Mapping | None:
    return reference if reference and not reference.get("optional") else None


def _missing(facts: ManifestFacts, kind: str, name: str, keys: list[str]) -> Iterator[str]:
    present = _keys(facts, kind, name)
    if present is None:
        yield f"{kind} {name} does not exist"
        return
    yield from (f"{kind} {name} has no key {key}" for key in keys if key not in present)


def _keys(facts: ManifestFacts, kind: str, name: str) -> Collection[str] | None:
    if kind == "Secret" and name in facts.secrets:
        return facts.secrets[name]
    item = facts.named(kind, name)
    if item is None:
        return None
    return {key for part in ("data", "binaryData", "stringData") for key in item.get(part) or {}}


def _mounts(workload: Workload) -> Iterator[str]:
    volumes = {volume["name"] for volume in workload.pod.get("volumes", [])}
    volumes |= {claim["metadata"]["name"] for claim in workload.spec.get("volumeClaimTemplates", [])}
    used = {
        mount["name"] for container in workload.containers() for mount in container.get("volumeMounts", [])
    }
    yield from (f"volume {name} is mounted but not declared" for name in sorted(used - volumes))
    yield from (f"volume {name} is declared but not mounted" for name in sorted(volumes - used))
