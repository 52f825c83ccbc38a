"""What a pod reads of itself into variables and files: its fields, its resources."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.schema import quantity
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import invalid, required, unsupported

_EVERYWHERE = ("metadata.name", "metadata.namespace", "metadata.uid")
_MAPS = ("metadata.annotations", "metadata.labels")
FILE_FIELDS = (*_MAPS, *_EVERYWHERE)
VARIABLE_FIELDS = (
    *_EVERYWHERE, "spec.nodeName", "spec.serviceAccountName",
    "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
)  # fmt: skip
_KNOWN = {*FILE_FIELDS, *VARIABLE_FIELDS, "spec.restartPolicy", "spec.schedulerName", "status.phase"}
_RESOURCES = tuple(
    f"{bound}.{name}" for bound in ("limits", "requests") for name in ("cpu", "ephemeral-storage", "memory")
)
_HUGE = ("limits.hugepages-", "requests.hugepages-")
_BYTES = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")


def field_reference(path: str, reference: dict, allowed: tuple[str, ...]) -> Iterator[Cause]:
    """allowed: the fields that may be read there; a label or an annotation may be read by its key, too."""
    field = reference.get("fieldPath") or ""
    whole, subscript, key = field.partition("['")
    if not field:
        yield required(f"{path}.fieldPath")
    elif subscript and field.endswith("']") and whole in _MAPS:
        yield from checks.matches(path, key[:-2], grammar.qualified_name)
    elif field not in _KNOWN:
        text = f"error converting fieldPath: field label not supported: {field}"
        yield invalid(f"{path}.fieldPath", field, text)
    elif field not in allowed:
        yield unsupported(f"{path}.fieldPath", field, *allowed)


def resource_reference(path: str, reference: dict, in_file: bool) -> Iterator[Cause]:
    """A file has to say of which container."""
    resource, divisor = reference.get("resource") or "", str(reference.get("divisor") or "0")
    if in_file and not reference.get("containerName"):
        yield required(f"{path}.containerName")
    elif not resource:
        yield required(f"{path}.resource")
    elif resource not in _RESOURCES and not resource.startswith(_HUGE):
        yield unsupported(f"{path}.resource", resource, *_RESOURCES)
    name = resource.partition(".")[2]
    units = ("1m", "1") if name == "cpu" else _BYTES
    if name and quantity.parse(divisor) and quantity.canonical(divisor) not in units:
        shown, kind = " and ".join(units) if name == "cpu" else ", ".join(units), name.partition("-")[0]
        kind = {"ephemeral": "local ephemeral storage"}.get(kind, kind)
        text = f"only divisor's values {shown} are supported with the {kind} resource"
        yield invalid(f"{path}.divisor", resource, text)
