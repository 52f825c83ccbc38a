"""JSON patch (RFC 6902)."""

import jsonpatch
from jsonpointer import JsonPointerException

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError

_REJECTED = "the server rejected our request due to an error in our request"


def apply(current: dict, operations: list) -> dict:
    """The patched copy; StatusError 422 if an operation does not fit, a failed ``test`` included."""
    try:
        return jsonpatch.apply_patch(current, operations)
    except (jsonpatch.JsonPatchException, JsonPointerException) as error:
        raise StatusError(422, "Invalid", _REJECTED) from error
