"""Patches: the object and a patch -> the new object. JSON patch, merge patch, strategic merge patch."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import bad_request, unsupported_media_type
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.patch import json_patch, merge, strategic
from aks_flow.rehearsal.standins.kubernetes.schema import models

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"


def apply(content_type: str, kind: Kind, current: dict, body: dict | list) -> dict:
    """A new object; ``current`` is left as it is.

    StatusError: 400 malformed, 415 not a type that this kind takes, 422 a JSON patch that does not fit.
    """
    accepted = accepted_types(kind)
    if content_type not in accepted or content_type == APPLY_PATCH:
        raise unsupported_media_type("", ", ".join(accepted))
    if not isinstance(body, list if content_type == JSON_PATCH else dict):
        raise bad_request(
            f"error decoding patch: {type(body).__name__} is not a patch of type {content_type}"
        )
    if content_type == JSON_PATCH:
        return json_patch.apply(current, body)
    if content_type == MERGE_PATCH:
        return merge.apply(current, body)
    return strategic.apply(models.model_name(kind), current, body)


def accepted_types(kind: Kind) -> tuple[str, ...]:
    """Strategic merge needs merge keys, which custom kinds do not have."""
    strategic = () if kind.is_custom else (STRATEGIC_MERGE_PATCH,)
    return (JSON_PATCH, MERGE_PATCH, *strategic, APPLY_PATCH)
