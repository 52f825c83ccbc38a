"""How a plain scalar is spelled, and what a Kubernetes reader takes it for.

The reader is kubectl's (sigs.k8s.io/yaml); others differ. Where YAML 1.1, YAML 1.2 and JSON agree with it the
spelling is common to all, and may stand where another spelling of its kind stood.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from aks_flow.manifests.yaml_edit.plain import NULLS


class ScalarKind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Spelling:
    """what: in words, for errors. common: whether all readers take it for its kind."""

    what: str
    kind: ScalarKind
    pattern: str = field(repr=False)
    common: bool = False

    def fits(self, text: str) -> bool:
        return bool(re.fullmatch(self.pattern, text))


_TEXT = Spelling("text", ScalarKind.TEXT, r"(?s:.*)", common=True)
OCTAL = Spelling("an octal integer", ScalarKind.INTEGER, r"[-+]?0[0-7_]*[0-7]")
# In this order: what stands first has a text that two of them fit.
_SPELLINGS = (
    Spelling("null", ScalarKind.NULL, "|".join(sorted(NULLS)), common=True),
    Spelling("true or false", ScalarKind.BOOLEAN, r"true|false", common=True),
    Spelling("True or False", ScalarKind.BOOLEAN, r"True|TRUE|False|FALSE"),
    Spelling(
        "yes, no, on or off",
        ScalarKind.BOOLEAN,
        r"y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF",
    ),
    Spelling("a decimal integer", ScalarKind.INTEGER, r"-?(?:0|[1-9][0-9]*)", common=True),
    OCTAL,
    Spelling("an octal integer with 0o", ScalarKind.INTEGER, r"[-+]?0[oO][0-7_]+"),
    Spelling("a hexadecimal integer", ScalarKind.INTEGER, r"[-+]?0[xX][0-9a-fA-F_]+"),
    Spelling("a binary integer", ScalarKind.INTEGER, r"[-+]?0[bB][01_]+"),
    Spelling("an integer with + or _", ScalarKind.INTEGER, r"[-+]?[1-9][0-9_]*"),
    Spelling("a decimal number", ScalarKind.NUMBER, r"-?(?:0|[1-9][0-9]*)\.[0-9]+", common=True),
    Spelling(
        "a number with an exponent, + or _",
        ScalarKind.NUMBER,
        r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?",
    ),
    Spelling("no finite number", ScalarKind.NUMBER, r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"),
    Spelling("a number to base 60", ScalarKind.TEXT, r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"),
    Spelling("a date", ScalarKind.TEXT, r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    Spelling(
        "a time",
        ScalarKind.TEXT,
        r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9][0-9:.]*[ \t]*(?:Z|[-+][0-9:]+)?",
    ),
)


def spelling(text: str) -> Spelling:
    """Of a plain scalar."""
    return next((form for form in _SPELLINGS if form.fits(text)), _TEXT)
