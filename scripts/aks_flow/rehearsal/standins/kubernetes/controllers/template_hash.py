"""The hash that names the revisions of a template."""

import json

# The digits of the hash, spelled so that a name holds no vowel: Kubernetes' own alphabet for names.
_ALPHABET = "456789bcdf"
_OFFSET, _PRIME = 0x811C9DC5, 0x01000193


def fingerprint(content: object, collisions: int | None) -> str:
    """Up to ten characters for JSON data, the same for equal data; another for each count of collisions."""
    salt = "" if collisions is None else str(collisions)
    text = json.dumps(content, sort_keys=True, separators=(",", ":")) + salt
    return "".join(_ALPHABET[int(digit)] for digit in str(_fnv1a(text.encode())))


def _fnv1a(data: bytes) -> int:
    value = _OFFSET
    for byte in data:
        value = (value ^ byte) * _PRIME & 0xFFFFFFFF
    return value
