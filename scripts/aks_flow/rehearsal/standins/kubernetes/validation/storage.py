"""Classes of storage, volumes, and claims of them."""

from collections.abc import Iterator
from fractions import Fraction

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.schema import quantity
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required, unsupported

_ACCESS = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_FIXED = (
    "spec is immutable after creation except resources.requests "
    "and volumeAttributesClassName for bound claims"
)
_NO_SOURCES = {
    "accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity", "persistentVolumeReclaimPolicy",
    "storageClassName", "volumeAttributesClassName", "volumeMode",
}  # fmt: skip


def storage_class(item: dict) -> Iterator[Cause]:
    provisioner = item.get("provisioner")
    yield from checks.named("provisioner", provisioner, lambda text: grammar.qualified_name(text.lower()))
    yield from checks.one_of("reclaimPolicy", item.get("reclaimPolicy"), "Delete", "Retain")
    mode = item.get("volumeBindingMode")
    yield from checks.one_of("volumeBindingMode", mode, "Immediate", "WaitForFirstConsumer")


def storage_class_update(old: dict, new: dict) -> Iterator[Cause]:
    """Volumes that a class has made are as it was."""
    for field in ("parameters", "provisioner", "reclaimPolicy"):
        if (old.get(field) or None) != (new.get(field) or None):
            yield forbidden(field, f"updates to {field} are forbidden.")
    yield from checks.unchanged("", old, new, "volumeBindingMode")


def volume(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    capacity, sources = spec.get("capacity") or {}, [*_sources(spec)]
    yield from checks.need("spec", spec, "capacity", "accessModes")
    if capacity.keys() != {"storage"}:
        yield unsupported("spec.capacity", capacity, "storage")
    elif quantity.parse(capacity["storage"]) <= 0:
        yield invalid("spec.capacity[storage]", capacity["storage"], "must be greater than zero")
    yield from _modes("spec", spec)
    policy = spec.get("persistentVolumeReclaimPolicy")
    yield from checks.one_of("spec.persistentVolumeReclaimPolicy", policy, "Delete", "Recycle", "Retain")
    if not sources:
        yield required("spec", "must specify a volume type")
    for name in sources[1:]:
        yield forbidden(f"spec.{name}", "may not specify more than 1 volume type")
    if spec.get("csi") is not None:
        yield from checks.need("spec.csi", spec["csi"], "driver", "volumeHandle")


def volume_update(old: dict, new: dict) -> Iterator[Cause]:
    if _sources(old["spec"]) != _sources(new["spec"]):
        path = "spec.persistentvolumesource"
        yield forbidden(path, f"{path} is immutable after creation")


def _sources(spec: dict) -> dict:
    return {name: source for name, source in spec.items() if name not in _NO_SOURCES}


def _modes(path: str, spec: dict) -> Iterator[Cause]:
    """How a volume is mounted, and of which class it is."""
    for mode in spec.get("accessModes") or ():
        yield from checks.one_of(f"{path}.accessModes", mode, *_ACCESS)
    yield from checks.one_of(f"{path}.volumeMode", spec.get("volumeMode"), "Block", "Filesystem")
    if spec.get("storageClassName"):
        yield from checks.matches(f"{path}.storageClassName", spec["storageClassName"], grammar.subdomain)


def requested_bytes(claim: dict) -> Fraction:
    """Bytes that a claim asks for; 0 if it does not say."""
    request = ((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage")
    return Fraction(0) if request is None else quantity.parse(request)


def claim(item: dict) -> Iterator[Cause]:
    yield from claim_spec("spec", item.get("spec") or {})


def claim_spec(path: str, spec: dict) -> Iterator[Cause]:
    if not spec.get("accessModes"):
        yield required(f"{path}.accessModes", "at least 1 access mode is required")
    yield from _modes(path, spec)
    yield from checks.selector(f"{path}.selector", spec.get("selector") or {})
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
