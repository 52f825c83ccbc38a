"""Field ownership: who set which field of an object, and what server-side apply makes of it.

Objects and entries of managedFields in, objects and entries out; nothing is read or written here.
"""

from aks_flow.rehearsal.standins.kubernetes.field_management.applying import Conflicts, applied
from aks_flow.rehearsal.standins.kubernetes.field_management.duplicate_items import duplicates
from aks_flow.rehearsal.standins.kubernetes.field_management.managers import (
    Author,
    Entries,
    is_reset,
    read,
    write,
)
from aks_flow.rehearsal.standins.kubernetes.field_management.updating import updated

__all__ = ["Author", "Conflicts", "Entries", "applied", "duplicates", "is_reset", "read", "updated", "write"]
