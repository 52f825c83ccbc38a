"""Quantities: ``500m``, ``64Mi``, ``1e3``. Exact values, and the canonical text that a server gives back.

Grammar: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

import math
import re
from fractions import Fraction

_TEXT = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?[0-9]+))")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_DECIMAL_SUFFIX = {exponent: suffix for suffix, exponent in _DECIMAL.items()}
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_NANO = 10**9


def parse(text: str | int | float) -> Fraction:
    """The exact value; ValueError if it is not a quantity."""
    return _parse(text)[0]


def canonical(text: str | int | float) -> str:
    """``0.5`` -> ``500m``, ``1024Mi`` -> ``1Gi``; ValueError if it is not a quantity."""
    value, form = _parse(text)
    if form == "binary" and abs(value) >= 1024:
        return _shorten(math.ceil(value), 1024, lambda power: _BINARY[power], len(_BINARY) - 1)
    shown = _exponent if form == "exponent" else lambda power: _DECIMAL_SUFFIX[power * 3 - 9]
    return _shorten(math.ceil(value * _NANO), 1000, shown, len(_DECIMAL) - 1)


def _parse(text: str | int | float) -> tuple[Fraction, str]:
    match = _TEXT.fullmatch(str(text))
    if not match:
        raise ValueError(f"{text!r} is not a quantity")
    number, binary, decimal, exponent = match.groups()
    if binary:
        return Fraction(number) * 1024 ** _BINARY.index(binary), "binary"
    if exponent:
        return Fraction(number) * Fraction(10) ** int(exponent), "exponent"
    return Fraction(number) * Fraction(10) ** _DECIMAL[decimal], "decimal"


def _shorten(value: int, base: int, suffix, most: int) -> str:
    if not value:
        return "0"
    power = 0
    while value % base == 0 and power < most:
        value, power = value // base, power + 1
    return f"{value}{suffix(power)}"


def _exponent(power: int) -> str:
    return f"e{power * 3 - 9}" if power != 3 else ""
