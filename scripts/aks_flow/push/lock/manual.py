"""A person's lock: it has a reason, and stays until somebody takes it off."""

from functools import partial

from aks_flow.core import wait
from aks_flow.push.lock.holder import LeaseLock, this_run
from aks_flow.push.lock.lease import Lease
from aks_flow.push.lock.queue import Waiter
from aks_flow.target.delivery import DeliveryContext

_WITHIN = 10  # seconds to catch a Lease between two signs of life


def lock(context: DeliveryContext, environment: str, reason: str) -> bool:
    """Lock, once no delivery holds the lock any more; False if this person's lock is there already."""
    holder = this_run(reason)
    own = LeaseLock(context.run, context.cluster(environment), environment, holder)
    lease = own.read()
    if lease and lease.holder and (lease.holder.who, lease.holder.reason) == (holder.who, reason):
        return False
    with context.steps("lock") as step:
        step.note = Waiter(own, partial(context.steps.progress, step)).wait(context.config.lock.wait)
    return True


def unlock(context: DeliveryContext, environment: str) -> Lease:
    """Take the lock off, whoever holds it. Gives what it was; its holder is None if there was none."""
    own = LeaseLock(context.run, context.cluster(environment), environment, this_run())
    return wait.until(partial(_take_off, own), f"an unlocked {environment}", _WITHIN)


def _take_off(own: LeaseLock) -> Lease | None:
    """The lock that was there; None if it changed meanwhile."""
    lease = own.read() or Lease("", None)
    return lease if not lease.holder or own.take_off(lease) else None
