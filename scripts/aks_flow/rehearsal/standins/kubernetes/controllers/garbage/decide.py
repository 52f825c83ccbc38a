"""What becomes of an object whose owners are gone or going. Pure.

Rules: https://kubernetes.io/docs/concepts/architecture/garbage-collection/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from aks_flow.rehearsal.standins.kubernetes.controllers import owners

FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"


class Owner(Enum):
    """The state of one owner: there, gone, or waiting for its dependents to go first."""

    PRESENT = "present"
    ABSENT = "absent"
    WAITING = "waiting"


@dataclass(frozen=True)
class Fate:
    """delete: "" (stay), Background or Foreground. keep: uids of the owners to refer to; None leaves them."""

    delete: str = ""
    keep: Sequence[str] | None = None


def fate(item: dict, states: Mapping[str, Owner], has_dependents: bool) -> Fate:
    """An object goes when its last owner does; before that it only stops to refer to those that went."""
    references = [reference["uid"] for reference in item["metadata"].get("ownerReferences") or ()]
    if not references or "deletionTimestamp" in item["metadata"]:
        return Fate()
    present = [uid for uid in references if states[uid] is Owner.PRESENT]
    if len(present) == len(references):
        return Fate()
    if present:
        return Fate(keep=present)
    waited_for = any(state is Owner.WAITING for state in states.values())
    return Fate(delete="Foreground" if waited_for and has_dependents else "Background")


def waits_for_dependents(item: dict) -> bool:
    return owners.is_deleted(item) and FOREGROUND in (item["metadata"].get("finalizers") or ())


def frees_dependents(item: dict) -> bool:
    return owners.is_deleted(item) and ORPHAN in (item["metadata"].get("finalizers") or ())


def blocks(dependent: dict, owner: dict) -> bool:
    """Whether the owner must outlive the dependent."""
    uid = owner["metadata"]["uid"]
    references = dependent["metadata"].get("ownerReferences") or ()
    return any(reference["uid"] == uid and reference.get("blockOwnerDeletion") for reference in references)
