"""What keeps a run from changing an environment."""

from aks_flow.core.errors import AksFlowError
from aks_flow.push.lock.lease import Lease


class Locked(AksFlowError):
    """Somebody else holds the environment's lock; nothing was changed."""

    def __init__(self, environment: str, lease: Lease, waited: float = 0):
        why = f": {lease.holder.reason}" if lease.holder.reason else ""
        after = f", for {waited:.0f} s of waiting" if waited else ""
        what = f"{environment} is locked by {lease.holder} since {lease.since[:19]}Z{after}{why}"
        step = f"Nothing was changed. Ask them, or remove the lock: `./inv push.unlock --env {environment}`."
        super().__init__(what, next_step=step)


class NotTaken(AksFlowError):
    """Nobody holds the lock, and the server does not let it be taken: its namespace is being deleted."""

    def __init__(self, environment: str, waited: float):
        what = f"the namespace of {environment} was being deleted for {waited:.0f} s, and nothing was changed"
        super().__init__(what, next_step="`kubectl get namespace NAME --output=yaml` shows what holds it.")


class NoNamespace(AksFlowError):
    """There is nothing to lock: the environment's namespace is not there."""

    def __init__(self, environment: str, namespace: str):
        what = f"{environment} has no namespace {namespace} on this cluster, so there is nothing to lock"
        super().__init__(what, next_step="A first delivery makes it.")


class LockLost(AksFlowError):
    """This run does not hold the lock any more, or cannot know it, and changes nothing.

    unanswered: the cluster does not say whose it is, and may say so a moment later.
    """

    def __init__(self, environment: str, why: str, unanswered: bool = False):
        self.unanswered = unanswered
        step = f"Look who delivers to {environment}; then run the same command again to go on."
        super().__init__(f"the lock of {environment} was lost ({why}): stopped here", next_step=step)
