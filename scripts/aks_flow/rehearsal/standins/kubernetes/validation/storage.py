"""Claims of volumes."""

from collections.abc import Iterator
from fractions import Fraction

from aks_flow.rehearsal.standins.kubernetes.objects.status import Cause
from aks_flow.rehearsal.standins.kubernetes.schema import quantity
from aks_flow.rehearsal.standins.kubernetes.validation import checks, grammar
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required

_ACCESS = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_FIXED = (
    "spec is immutable after creation except resources.requests "
    "and volumeAttributesClassName for bound claims"
)


def requested_bytes(claim: dict) -> Fraction:
    """Bytes that a claim asks for; 0 if it does not say."""
    request = ((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage")
    return Fraction(0) if request is None else quantity.parse(request)


def claim(item: dict) -> Iterator[Cause]:
    yield from claim_spec("spec", item.get("spec") or {})


def claim_spec(path: str, spec: dict) -> Iterator[Cause]:
    if not spec.get("accessModes"):
        yield required(f"{path}.accessModes", "at least 1 access mode is required")
    for mode in spec.get("accessModes") or ():
        yield from checks.one_of(f"{path}.accessModes", mode, *_ACCESS)
    yield from checks.one_of(f"{path}.volumeMode", spec.get("volumeMode"), "Block", "Filesystem")
    yield from checks.selector(f"{path}.selector", spec.get("selector") or {})
    if spec.get("storageClassName"):
        yield from checks.matches(f"{path}.storageClassName", spec["storageClassName"], grammar.subdomain)
    storage = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    if storage is None:
        yield required(f"{path}.resources[storage]")
    elif quantity.parse(storage) <= 0:
        yield invalid(f"{path}.resources[storage]", storage, "must be greater than zero")


def claim_update(old: dict, new: dict) -> Iterator[Cause]:
    """A volume is bound once; then only the size may change, and not below what there is."""
    before, after = ({k: v for k, v in item["spec"].items() if k != "resources"} for item in (old, new))
    before.setdefault("volumeName", after.get("volumeName"))
    after.setdefault("volumeName", None)
    status = old.get("status") or {}
    resized = requested_bytes(new) != requested_bytes(old)
    if before != after or (resized and status.get("phase") != "Bound"):
        yield forbidden("spec", _FIXED)
    if requested_bytes(new) < requested_bytes(old) and requested_bytes(new) <= quantity.parse(
        _capacity(status)
    ):
        yield forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")


def _capacity(status: dict) -> str:
    return (status.get("capacity") or {}).get("storage", "0")
