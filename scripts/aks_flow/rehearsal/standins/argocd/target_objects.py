"""Rendered objects -> those that are to be in the cluster: with their namespace and whose they are. Pure."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy

from aks_flow.rehearsal.standins.argocd import names, object_refs

# What argocd-cm excludes since v3.0 (`resource.exclusions`), of the kinds that a manifest may hold.
_EXCLUDED = (
    *(("", "Endpoints"), ("discovery.k8s.io", "EndpointSlice"), ("coordination.k8s.io", "Lease")),
    *(("certificates.k8s.io", "CertificateSigningRequest"), ("cert-manager.io", "CertificateRequest")),
)


def prepare(
    objects: list[dict], application: str, namespace: str, namespaced: Callable[[dict], bool]
) -> list[dict]:
    """``namespace`` goes to the objects that live in one and name none."""
    placed = (_placed(deepcopy(item), namespace, namespaced(item)) for item in objects)
    return [_tracked(item, application) for item in placed]


def admit(objects: list[dict]) -> tuple[list[dict], tuple[tuple[str, str], ...]]:
    """The objects that are to be brought, and a condition (type, message) for each that is twice or left out.

    The last of two same objects counts.
    """
    times = Counter(map(object_refs.of, objects))
    by_ref = {object_refs.of(item): item for item in objects}
    left_out = [ref for ref in by_ref if (ref.group, ref.kind) in _EXCLUDED]
    repeated = (
        (names.REPEATED_RESOURCE, f"Resource {ref} appeared {count} times among application resources.")
        for ref, count in times.items()
        if count > 1
    )
    excluded = (
        (names.EXCLUDED_RESOURCE, f"Resource {ref.group}/{ref.kind} {ref.name} is excluded in the settings")
        for ref in left_out
    )
    return [by_ref[ref] for ref in by_ref if ref not in left_out], (*repeated, *excluded)


def _placed(item: dict, namespace: str, namespaced: bool) -> dict:
    if not namespaced:
        item["metadata"].pop("namespace", None)
    elif not item["metadata"].get("namespace"):
        item["metadata"]["namespace"] = namespace
    return item


def _tracked(item: dict, application: str) -> dict:
    annotations = item["metadata"].get("annotations") or {}
    tracking = {names.TRACKING_ID: object_refs.tracking_id(application, object_refs.of(item))}
    item["metadata"]["annotations"] = annotations | tracking
    return item
