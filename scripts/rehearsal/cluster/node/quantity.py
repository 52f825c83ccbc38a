"""Kubernetes quantities: ``250m``, ``64Mi``, ``1.5``, ``2e3``."""

import re
from fractions import Fraction
from math import ceil

_GRAMMAR = re.compile(r"([+-]?[0-9.]+)(?:([eE][+-]?[0-9]+)|([KMGTPE]i|[numkMGTPE]))?")
_SUFFIXES = {
    "n": Fraction(1, 10**9), "u": Fraction(1, 10**6), "m": Fraction(1, 1000),
    "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15, "E": 10**18,
    "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60,
}  # fmt: skip


def parse(text: str | int | float) -> Fraction:
    """The exact value; ValueError if the text is not a quantity."""
    match = _GRAMMAR.fullmatch(str(text))
    if not match:
        raise ValueError(f"{text!r} is not a quantity")
    number, exponent, suffix = match.groups()
    return Fraction(number + (exponent or "")) * _SUFFIXES.get(suffix, 1)


def in_bytes(text: str | int) -> int:
    return ceil(parse(text))


def in_millis(text: str | int) -> int:
    return ceil(parse(text) * 1000)


def render(value: Fraction) -> str:
    """The shortest usual form: ``1536Mi``, ``3``, ``30m``."""
    if value.denominator != 1:
        return f"{ceil(value * 1000)}m"
    whole = int(value)
    binary = next((name for name in ("Ti", "Gi", "Mi", "Ki") if whole and whole % _SUFFIXES[name] == 0), "")
    return f"{whole // _SUFFIXES.get(binary, 1)}{binary}"
