"""Does an environment still have what was delivered to it, and has nobody forgotten a lock there?"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from aks_flow.core.side_by_side import side_by_side
from aks_flow.push import read_only
from aks_flow.push.fields import unvalidated
from aks_flow.push.fields.applied import applied
from aks_flow.push.fields.foreign import ForeignField, foreign_fields
from aks_flow.push.fields.managers import deliverer
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import Revision
from aks_flow.push.lock import lease
from aks_flow.push.lock.lease import Lease
from aks_flow.push.read_only import Withheld
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import get, output

SKEW = timedelta(seconds=30)  # between the clocks of two machines
FORGOTTEN = timedelta(days=1)  # after which a person's lock is taken for one
AS_DELIVERED = "as delivered"
NOTHING_SET = "others have set nothing"  # all that can be told where the history may not be read
# Kinds of whose objects one may tell that a delivery applied them. Secrets are kept from many who may read.
_KINDS = (
    "configmaps,services,deployments,statefulsets,daemonsets,cronjobs,horizontalpodautoscalers,ingresses,"
    "networkpolicies,poddisruptionbudgets"
)


@dataclass(frozen=True)
class Drift:
    """revision: the last one, None if nothing was delivered. diff: the server's. lock: None for none.

    foreign: what others set since. unread: what is not known, since who asks may only read: a sentence each.
    """

    environment: str
    revision: Revision | None
    diff: str
    lock: Lease | None
    foreign: tuple[ForeignField, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether it is not as delivered: the server's diff does not show fields that others added."""
        return bool(self.diff or self.foreign)

    @property
    def delivered(self) -> str:
        """The last revision in words."""
        if self.revision is None:
            return "its history may not be read" if self.unread else "nothing delivered"
        return str(self.revision)

    def state(self, now: datetime) -> str:
        """In a few words; "" if nothing was delivered."""
        if self.revision is None and not self.unread:
            return ""
        if who := self.delivering(now):
            return f"{who} delivers to it now: look again later"
        if self.differs:
            return "differs"
        if self.revision is None:
            return NOTHING_SET
        return AS_DELIVERED if self.revision.packed else "too large to be compared"

    def delivering(self, now: datetime) -> str:
        """Who delivers at this moment, "" for nobody: a run that was killed does not renew its lock."""
        holder = self.lock.holder if self.lock else None
        if holder is None or holder.reason or not self.lock.renewed:
            return ""
        silent = now - datetime.fromisoformat(self.lock.renewed)
        return str(holder) if silent <= timedelta(seconds=self.lock.seconds) + SKEW else ""


def read(context: DeliveryContext, environment: str) -> Drift:
    """What the cluster says about an environment. A revision that was too large to be kept has no diff.

    Where the history may not be read, only what others set is told.
    """
    past, withheld = read_only.history(context, environment)
    return _by_owners(context, environment, withheld) if withheld else compare(context, past)


def compare(context: DeliveryContext, past: History) -> Drift:
    """As `read`, of a history that has been read."""
    holder = get.lease(context.cluster(past.environment), lease.NAME)
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(read_only.ask, context, holder)
        compared, withheld = _compared(context, past)
        held, no_lock = asked.result()
    return _with_unread(replace(compared, lock=lease.parse(held)), no_lock + withheld)


def without_lock(context: DeliveryContext, past: History) -> Drift:
    """As `compare`, for who knows the lock from elsewhere."""
    return _with_unread(*_compared(context, past))


def _compared(context: DeliveryContext, past: History) -> tuple[Drift, Withheld]:
    """The drift without the lock, and what was withheld."""
    cluster, last = context.cluster(past.environment), past.last
    if not (last and last.packed):
        return Drift(past.environment, last, "", None), Withheld()
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(read_only.difference, context, cluster, last.manifest)
        live, withheld = read_only.ask(context, get.of_manifest(cluster, last.manifest))
    items, (difference, said) = output.objects(live), asked.result()
    if said:
        difference = unvalidated.difference(withheld.others(last.objects.values()), items)
    foreign = foreign_fields(last.objects.values(), items)
    return Drift(past.environment, last, difference, None, tuple(foreign), said), withheld


def _with_unread(drift: Drift, withheld: Withheld) -> Drift:
    """With a sentence on what was withheld, if a revision could be compared."""
    is_compared = drift.revision and drift.revision.packed
    return replace(drift, unread=(*drift.unread, *withheld.sentences)) if is_compared else drift


def _by_owners(context: DeliveryContext, environment: str, withheld: Withheld) -> Drift:
    """What the owners of the fields tell, of all objects that a delivery applied."""
    cluster, ask = context.cluster(environment), partial(read_only.ask, context)
    questions = (get.lease(cluster, lease.NAME), get.owned(cluster, _KINDS))
    (held, no_lock), (live, hidden) = side_by_side(ask, questions)
    own = [item for item in output.objects(live) if deliverer(item)]
    foreign = foreign_fields(map(applied, own), own)
    unread = (withheld + no_lock + hidden).sentences
    return Drift(environment, None, "", lease.parse(held), tuple(foreign), unread)


def findings(drift: Drift, now: datetime) -> list[str]:
    """What is not as it should be, a sentence each. now: with its time zone.

    While somebody delivers, a difference says nothing.
    """
    texts = []
    if drift.differs and not drift.delivering(now):
        texts += map(str, drift.foreign)
        texts.append(_difference(drift))
    holder = drift.lock.holder if drift.lock else None
    if holder and holder.reason and now - datetime.fromisoformat(drift.lock.since) > FORGOTTEN:
        step = f"`./inv push.unlock --env {drift.environment}` removes it"
        locked = f"{drift.environment} is locked since {drift.lock.since} by {holder}: {holder.reason}"
        texts.append(f"{locked}; {step}")
    return texts


def _difference(drift: Drift) -> str:
    if drift.revision is None:
        return f"{drift.environment} has what no delivery set; the next one puts it back"
    step = f"`./inv push.undo --env {drift.environment} --to {drift.revision.number}` puts it back"
    return f"{drift.environment} differs from {drift.revision}; {step}"
