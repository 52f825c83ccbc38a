"""CustomResourceDefinitions: each served version becomes a kind at once."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind


def kinds_of(definition: dict) -> list[Kind]:
    """The kinds that a CRD serves, its storage version first."""
    versions = [version for version in definition["spec"]["versions"] if version.get("served")]
    versions.sort(key=lambda version: not version.get("storage"))
    return [_kind(definition["spec"], version) for version in versions]


def _kind(spec: dict, version: dict) -> Kind:
    given = spec["names"]
    return Kind(
        group=spec["group"],
        version=version["name"],
        kind=given["kind"],
        plural=given["plural"],
        singular=given.get("singular") or given["kind"].lower(),
        short_names=tuple(given.get("shortNames") or ()),
        namespaced=spec.get("scope") == "Namespaced",
        subresources=tuple(sorted(version.get("subresources") or ())),
        categories=tuple(given.get("categories") or ()),
        list_kind=given.get("listKind", ""),
        columns=tuple(version.get("additionalPrinterColumns") or ()),
        deprecation=_deprecation(spec, version) if version.get("deprecated") else "",
        scaling=(version.get("subresources") or {}).get("scale") or {},
        selectable=tuple(field["jsonPath"].lstrip(".") for field in version.get("selectableFields") or ()),
        schema=(version.get("schema") or {}).get("openAPIV3Schema") or {},
    )


def _deprecation(spec: dict, version: dict) -> str:
    named = f"{spec['group']}/{version['name']} {spec['names']['kind']}"
    return version.get("deprecationWarning") or f"{named} is deprecated"


def faults(definition: dict) -> list[Cause]:
    """What would keep a CRD from being served."""
    spec = definition.get("spec") or {}
    required = ("group", "names", "scope", "versions")
    missing = [_required(f"spec.{field}") for field in required if not spec.get(field)]
    if missing:
        return missing
    causes = [
        _required(f"spec.names.{field}") for field in ("plural", "kind") if not spec["names"].get(field)
    ]
    expected = f"{spec['names'].get('plural')}.{spec['group']}"
    if definition["metadata"]["name"] != expected:
        text = f'Invalid value: "{definition["metadata"]["name"]}": must be spec.names.plural+"."+spec.group'
        causes.append(Cause("metadata.name", "FieldValueInvalid", text))
    if sum(bool(version.get("storage")) for version in spec["versions"]) != 1:
        text = "Invalid value: must have exactly one version marked as storage version"
        causes.append(Cause("spec.versions", "FieldValueInvalid", text))
    for index, version in enumerate(spec["versions"]):
        if not (version.get("schema") or {}).get("openAPIV3Schema"):
            causes.append(
                _required(f"spec.versions[{index}].schema.openAPIV3Schema", ": schemas are required")
            )
    return causes


def complete(definition: dict) -> None:
    """Fill in names and conversion, as a standard server does."""
    spec = definition.get("spec")
    if not isinstance(spec, dict) or not isinstance(spec.get("names"), dict):
        return
    names = spec["names"]
    names.setdefault("singular", names.get("kind", "").lower())
    names.setdefault("listKind", f"{names.get('kind', '')}List")
    spec.setdefault("conversion", {"strategy": "None"})


def serve_all(objects) -> None:
    for definition in objects.list(kinds.CUSTOM_RESOURCE_DEFINITION):
        serve(objects, definition)


def serve(objects, definition: dict) -> None:
    """Serve what a CRD now asks for, and say so in its status."""
    served_kinds = kinds_of(definition)
    for kind in objects.kinds:
        if kind.is_custom and kind.resource == definition["metadata"]["name"]:
            objects.kinds.discard(kind)
    for kind in served_kinds:
        objects.kinds.add(kind)
    status = _status(definition)
    if definition.get("status") != status:
        objects.update(kinds.CUSTOM_RESOURCE_DEFINITION, definition | {"status": status}, "status")


def withdraw(objects, definition: dict) -> None:
    """Remove a CRD's objects and stop serving it."""
    for kind in kinds_of(definition):
        for item in objects.list(kind):
            metadata = item["metadata"]
            objects.discard(kind, metadata.get("namespace", ""), metadata["name"])
        objects.kinds.discard(kind)


def _status(definition: dict) -> dict:
    spec, earlier = definition["spec"], definition.get("status") or {}
    stored = next(version["name"] for version in spec["versions"] if version.get("storage"))
    versions = list(dict.fromkeys([*(earlier.get("storedVersions") or ()), stored]))
    conditions = earlier.get("conditions") or [
        _condition("NamesAccepted", "NoConflicts", "no conflicts found"),
        _condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ]
    return {"conditions": conditions, "acceptedNames": spec["names"], "storedVersions": versions}


def _condition(name: str, reason: str, message: str) -> dict:
    moment = times.stamp(times.now())
    return {
        "type": name,
        "status": "True",
        "lastTransitionTime": moment,
        "reason": reason,
        "message": message,
    }


def _required(field: str, text: str = "") -> Cause:
    return Cause(field, "FieldValueRequired", f"Required value{text}")
