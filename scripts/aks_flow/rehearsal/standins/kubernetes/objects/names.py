"""Names: generated ones, and the rules for given ones, kind by kind.

Rules: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

import random

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

# No vowels and nothing that looks alike, so that a generated name spells nothing.
_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
_LONGEST_GENERATED = 63

_RULES = {
    kinds.NAMESPACE: grammar.label,
    kinds.SERVICE: grammar.service_name,
    kinds.STATEFUL_SET: grammar.label,
    kinds.ROLE: grammar.path_segment,
    kinds.ROLE_BINDING: grammar.path_segment,
    kinds.CLUSTER_ROLE: grammar.path_segment,
    kinds.CLUSTER_ROLE_BINDING: grammar.path_segment,
}


def generate(base: str) -> str:
    """``web-`` -> ``web-x7k2p``."""
    return base[: _LONGEST_GENERATED - 5] + "".join(random.choices(_ALPHABET, k=5))


def name_faults(kind: Kind, name: str) -> list[str]:
    """What is wrong with a kind's name, in words."""
    return _RULES.get(kind, grammar.subdomain)(name)
