"""One delivery at a time to an environment: its lock taken, kept alive, given back."""

from scripts.lock.errors import Locked, LockLost
from scripts.lock.held import Held, held
from scripts.lock.lease import NAME as LEASE
from scripts.lock.person import lock, unlock

__all__ = ["LEASE", "Held", "LockLost", "Locked", "held", "lock", "unlock"]
