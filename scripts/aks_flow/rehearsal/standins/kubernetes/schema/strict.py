"""Does an object have its kind's fields, of their types? Refusals in a standard server's words.

A server reads a POST or PUT, and what a JSON or merge patch leaves, with a decoder; what a strategic patch
leaves, with a converter that has other words. Recorded: tests/unit/cluster/data/strict_*.json.
"""

from collections.abc import Iterable
from copy import deepcopy

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError, bad_request
from aks_flow.rehearsal.standins.kubernetes.kinds import structural
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.schema import go_text, models
from aks_flow.rehearsal.standins.kubernetes.schema.faults import FieldFault, faults

_UNDECLARED = "field not declared in schema"
_ORDER = "$setElementOrder/"


def strict(
    kind: Kind,
    item: dict,
    mode: str,
    patch: dict | str | None = None,
    repeated: Iterable[str] = (),
) -> list[str]:
    """Warnings about unknown fields, and ``repeated``'s. mode: "Strict" (refused), "Warn" or "Ignore".

    patch: what a PATCH is refused with: the patch itself if it is strategic, else the patched object's JSON.
    StatusError 400, or 422 for a patch. Wrong types are refused in every mode.
    """
    schema_faults = (
        _unknown_custom(kind, item) if kind.is_custom else list(faults(models.model_name(kind), item))
    )
    for fault in schema_faults:
        if fault.decoder:
            raise _refusal(kind, fault.converter if isinstance(patch, dict) else fault.decoder, patch)
    unknown = [*repeated, *(f'unknown field "{fault.path}"' for fault in schema_faults)]
    if unknown and mode == "Strict":
        raise _refusal(kind, f"strict decoding error: {', '.join(unknown)}", patch)
    return unknown if mode == "Warn" else []


def undeclared(kind: Kind, item: dict) -> list[str]:
    """What the schema refuses in an object that is applied, as server-side apply words it."""
    if kind.is_custom:
        return [f".{path}: {_UNDECLARED}" for path in structural.prune(kind.schema, deepcopy(item))]
    schema_faults = faults(models.model_name(kind), item)
    return [f".{fault.path}: {fault.converter or _UNDECLARED}" for fault in schema_faults]


def _unknown_custom(kind: Kind, item: dict) -> list[FieldFault]:
    return [FieldFault(path) for path in structural.prune(kind.schema, deepcopy(item))]


def _refusal(kind: Kind, text: str, patch: dict | str | None) -> StatusError:
    if patch is None:
        return bad_request(
            f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}: {text}'
        )
    value = go_text.go_quote(patch if isinstance(patch, str) else go_text.go_plain(_left_over(patch)))
    message = f"Invalid value: {value}: {text}"
    cause = {"reason": "FieldValueInvalid", "message": message, "field": "patch"}
    return StatusError(422, "Invalid", f' "" is invalid: patch: {message}', {"causes": [cause]})


def _left_over(patch: object) -> object:
    """A strategic patch as messages show it: merging took the directives out, and the lists put in order."""
    if isinstance(patch, list):
        return [_left_over(element) for element in patch]
    if not isinstance(patch, dict):
        return patch
    ordered = {key.removeprefix(_ORDER) for key in patch if key.startswith(_ORDER)}
    return {k: _left_over(v) for k, v in patch.items() if not k.startswith("$") and k not in ordered}
