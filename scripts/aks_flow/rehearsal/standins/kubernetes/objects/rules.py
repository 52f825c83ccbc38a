"""What a server fills in and refuses: by `defaults` and `validation`, or by a custom kind's schema."""

from aks_flow.rehearsal.standins.kubernetes import defaults, validation
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.kinds import definitions, kinds, structural
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind


def complete(kind: Kind, item: dict) -> None:
    """Apply defaults in place; unknown fields of a custom object are pruned."""
    if kind.is_custom:
        structural.prune(kind.schema, item)
        structural.default(kind.schema, item)
    elif kind == kinds.CUSTOM_RESOURCE_DEFINITION:
        definitions.complete(item)
    else:
        defaults.apply(kind, item)


def admit(kind: Kind, item: dict) -> None:
    """What admission adds in place after that: nobody owns it."""
    defaults.admit(kind, item)


def faults(kind: Kind, old: dict | None, item: dict) -> list[Cause]:
    """What is wrong with a new object (old is None) or with an update."""
    if kind.is_custom:
        return list(structural.check(kind.schema, item))
    if kind == kinds.CUSTOM_RESOURCE_DEFINITION:
        return definitions.faults(item)
    return validation.create(kind, item) if old is None else validation.update(kind, old, item)
