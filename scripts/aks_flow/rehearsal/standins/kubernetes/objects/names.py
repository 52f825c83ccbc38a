"""Names: generated ones, and the rules for given ones, kind by kind.

Rules: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

import random
import re

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

# No vowels and nothing that looks alike, so that a generated name spells nothing.
_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
_LONGEST_GENERATED = 63

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
LABEL_VALUE = f"({QUALIFIED})?"
QUALIFIED_RULE = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', "
    f"regex used for validation is '{QUALIFIED}')"
)
LABEL_VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
    f"regex used for validation is '{LABEL_VALUE}')"
)

SUBDOMAIN_RULE = (
    253,
    SUBDOMAIN,
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    "and must start and end with an alphanumeric character (e.g. 'example.com', "
    f"regex used for validation is '{SUBDOMAIN}')",
)
_LABEL_RULE = (
    63,
    _LABEL,
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
    "and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', "
    f"regex used for validation is '{_LABEL}')",
)
_LABEL_1035_RULE = (
    63,
    _LABEL_1035,
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
    "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', "
    f"regex used for validation is '{_LABEL_1035}')",
)
_PATH_RULE = (253, r"(?!\.\.?$)[^/%]+", "may not be '.' or '..' and may not contain '/' or '%'")
_RULES = {
    kinds.NAMESPACE: _LABEL_RULE,
    kinds.SERVICE: _LABEL_1035_RULE,
    kinds.STATEFUL_SET: _LABEL_RULE,
    kinds.ROLE: _PATH_RULE,
    kinds.ROLE_BINDING: _PATH_RULE,
    kinds.CLUSTER_ROLE: _PATH_RULE,
    kinds.CLUSTER_ROLE_BINDING: _PATH_RULE,
}


def generate(base: str) -> str:
    """``web-`` -> ``web-x7k2p``."""
    return base[: _LONGEST_GENERATED - 5] + "".join(random.choices(_ALPHABET, k=5))


def name_faults(kind: Kind, name: str) -> list[str]:
    """What is wrong with a kind's name, in words."""
    longest, pattern, text = _RULES.get(kind, SUBDOMAIN_RULE)
    faults = [] if re.fullmatch(pattern, name) else [text]
    return faults + ([f"must be no more than {longest} characters"] if len(name) > longest else [])
