"""JSON merge patch (RFC 7386)."""

from copy import deepcopy


def apply(current: object, patch: object) -> object:
    """A patched copy: null removes, an object merges, anything else replaces."""
    if not isinstance(patch, dict):
        return deepcopy(patch)
    merged = deepcopy(current) if isinstance(current, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = apply(merged.get(key), value)
    return merged
