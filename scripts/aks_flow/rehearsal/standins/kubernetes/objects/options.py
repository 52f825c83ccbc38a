"""What a caller may say of a write, beside the object."""

from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.field_management import Entries


@dataclass(frozen=True)
class WriteOptions:
    """How an object is created, replaced or applied.

    dry_run: everything but the writing. manager: who signs it, if not the one that ``Objects`` acts as.
    through: the subresource that signs, if it is another than the written one.
    entries: who owns which fields, if that is not simply the manager.
    """

    dry_run: bool = False
    manager: str = ""
    through: str = ""
    entries: Entries | None = None


@dataclass(frozen=True)
class DeleteOptions:
    """How an object is deleted, with the fields of Kubernetes' own DeleteOptions.

    grace: seconds; None for the pod's own. propagation: Background, Foreground, Orphan, or None to leave
    the finalizers as they are. uid, resource_version: the only object, in the only state, that is meant.
    """

    grace: int | None = None
    propagation: str | None = "Background"
    uid: str | None = None
    resource_version: str | None = None
    dry_run: bool = False


DEFAULT_WRITE, DEFAULT_DELETE = WriteOptions(), DeleteOptions()
