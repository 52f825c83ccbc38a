"""Does an environment still have what was delivered to it, and has nobody forgotten a lock there?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aks_flow.core.side_by_side import side_by_side
from aks_flow.push.fields.foreign import ForeignField, foreign_fields
from aks_flow.push.history import store
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import Revision
from aks_flow.push.lock import lease
from aks_flow.push.lock.lease import Lease
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import diff, get, output

SKEW = timedelta(seconds=30)  # between the clocks of two machines
FORGOTTEN = timedelta(days=1)  # after which a person's lock is taken for one
AS_DELIVERED = "as delivered"


@dataclass(frozen=True)
class Drift:
    """revision: the last one, None if nothing was delivered. diff: the server's. lock: None for none.

    foreign: what others set since.
    """

    environment: str
    revision: Revision | None
    diff: str
    lock: Lease | None
    foreign: tuple[ForeignField, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether it is not as delivered: the server's diff does not show fields that others added."""
        return bool(self.diff or self.foreign)

    def state(self, now: datetime) -> str:
        """In a few words; "" if nothing was delivered."""
        if self.revision is None:
            return ""
        if who := self.delivering(now):
            return f"{who} delivers to it now: look again later"
        if self.differs:
            return "differs"
        return AS_DELIVERED if self.revision.packed else "too large to be compared"

    def delivering(self, now: datetime) -> str:
        """Who delivers at this moment, "" for nobody: a run that was killed does not renew its lock."""
        holder = self.lock.holder if self.lock else None
        if holder is None or holder.reason or not self.lock.renewed:
            return ""
        silent = now - datetime.fromisoformat(self.lock.renewed)
        return str(holder) if silent <= timedelta(seconds=self.lock.seconds) + SKEW else ""


def read(context: DeliveryContext, environment: str) -> Drift:
    """What the cluster says about an environment. A revision that was too large to be kept has no diff."""
    return compare(context, store.read(context, environment))


def compare(context: DeliveryContext, past: History) -> Drift:
    """As `read`, of a history that has been read."""
    run, cluster, last = context.run, context.cluster(past.environment), past.last
    holder = get.lease(cluster, lease.NAME)
    if not (last and last.packed):
        return Drift(past.environment, last, "", lease.parse(run.run(holder).text))
    questions = (holder, diff.manifest(cluster, last.manifest), get.of_manifest(cluster, last.manifest))
    held, difference, live = side_by_side(lambda question: run.run(question).text, questions)
    foreign = foreign_fields(last.objects.values(), output.objects(live))
    return Drift(past.environment, last, difference, lease.parse(held), tuple(foreign))


def findings(drift: Drift, now: datetime) -> list[str]:
    """What is not as it should be, a sentence each. now: with its time zone.

    While somebody delivers, a difference says nothing.
    """
    texts = []
    if drift.differs and not drift.delivering(now):
        step = f"`./inv push.undo --env {drift.environment} --to {drift.revision.number}` puts it back"
        texts += map(str, drift.foreign)
        texts.append(f"{drift.environment} differs from {drift.revision}; {step}")
    holder = drift.lock.holder if drift.lock else None
    if holder and holder.reason and now - datetime.fromisoformat(drift.lock.since) > FORGOTTEN:
        step = f"`./inv push.unlock --env {drift.environment}` removes it"
        locked = f"{drift.environment} is locked since {drift.lock.since} by {holder}: {holder.reason}"
        texts.append(f"{locked}; {step}")
    return texts
