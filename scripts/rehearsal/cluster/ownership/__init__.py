"""Field ownership: who set which field of an object, and what server-side apply makes of it.

Objects and entries of managedFields in, objects and entries out; nothing is read or written here.
"""

from scripts.rehearsal.cluster.ownership.applying import Conflicts, applied
from scripts.rehearsal.cluster.ownership.managers import Author, Entries, is_reset, read, write
from scripts.rehearsal.cluster.ownership.updating import updated

__all__ = ["Author", "Conflicts", "Entries", "applied", "is_reset", "read", "updated", "write"]
