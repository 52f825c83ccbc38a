"""One delivery at a time to an environment: its lock taken, kept alive, given back."""

from aks_flow.push.lock.errors import Locked, LockLost
from aks_flow.push.lock.fence import Held, held
from aks_flow.push.lock.lease import NAME as LEASE
from aks_flow.push.lock.manual import lock, unlock

__all__ = ["LEASE", "Held", "LockLost", "Locked", "held", "lock", "unlock"]
