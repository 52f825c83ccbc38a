"""An environment's lock as a coordination.k8s.io/v1 Lease: what it says, and who may take it. Pure.

Nobody's clock is compared with another's: as with client-go's leader election, a lock has expired when
whoever waits has seen no change of it for as long as it promises to be renewed.
"""

import json
import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from aks_flow.core.reading import reads

NAME = "aks-flow-delivery"
SECONDS, LONGEST = 15, 60  # without renewal, after which anybody may take a delivery's lock
_TRIPS = 6  # times that a lease outlasts an answer of the cluster: not every way there is quick
_RUN, _WHO, _REASON = "aks-flow/run", "aks-flow/who", "aks-flow/reason"


@dataclass(frozen=True)
class Holder:
    """Who holds a lock. id: one run's own. run: its address or "". reason: a person's, "" for a delivery."""

    id: str
    who: str
    run: str = ""
    reason: str = ""

    def __str__(self) -> str:
        return self.who + (f" ({self.run})" if self.run else "")


@dataclass(frozen=True)
class Lease:
    """The object as it was read.

    version: its resourceVersion. holder: None once released. seconds: how long it lasts without a change,
    0 for a person's, which lasts until it is taken off. since, renewed: RFC 3339, by the holder's clock.
    transitions: how often it got a new holder.
    """

    version: str
    holder: Holder | None
    seconds: int = 0
    since: str = ""
    renewed: str = ""
    transitions: int = 0

    @property
    def beat(self) -> tuple[str, str]:
        """What changes with every renewal."""
        return (self.holder.id if self.holder else "", self.renewed)


@reads("kubectl", private=True)
def parse(text: str) -> Lease | None:
    """kubectl's JSON of a Lease; None for nothing."""
    if not text.strip():
        return None
    item = json.loads(text)
    metadata, spec = item["metadata"], item.get("spec", {})
    return Lease(
        version=metadata["resourceVersion"],
        holder=_holder(spec.get("holderIdentity", ""), metadata.get("annotations", {})),
        seconds=spec.get("leaseDurationSeconds", 0),
        since=spec.get("acquireTime", ""),
        renewed=spec.get("renewTime", ""),
        transitions=spec.get("leaseTransitions", 0),
    )


def _holder(identity: str, notes: dict[str, str]) -> Holder | None:
    """Annotations may be missing: others can write a Lease, too."""
    if not identity:
        return None
    return Holder(identity, notes.get(_WHO, identity), notes.get(_RUN, ""), notes.get(_REASON, ""))


def is_free(lease: Lease | None, unchanged: float) -> bool:
    """Whether anybody may take the lock. unchanged: for how many seconds it was seen not to change."""
    if lease is None or lease.holder is None:
        return True
    return 0 < lease.seconds <= unchanged


def lasting(trip: float) -> int:
    """For how many seconds a lock lasts without renewal, where an answer takes ``trip`` seconds."""
    return min(LONGEST, max(SECONDS, math.ceil(_TRIPS * trip)))


def heartbeat(seconds: int) -> float:
    """Seconds between two renewals of a lock that lasts for ``seconds``: three fit in."""
    return seconds / 3.75


def taken(before: Lease | None, holder: Holder, now: datetime, seconds: int = SECONDS) -> Lease:
    """The lock of a new holder. A delivery's expires; one with a reason does not."""
    stamp, seconds = _stamp(now), 0 if holder.reason else seconds
    transitions = before.transitions + 1 if before else 0
    version = before.version if before else ""
    return Lease(version, holder, seconds, since=stamp, renewed=stamp, transitions=transitions)


def manifest(lease: Lease, namespace: str) -> str:
    """The object's text. With a version it replaces that version only."""
    metadata: dict = {"name": NAME, "namespace": namespace}
    if lease.version:
        metadata["resourceVersion"] = lease.version
    spec: dict = {"leaseTransitions": lease.transitions}
    if lease.holder:
        notes = {_WHO: lease.holder.who, _RUN: lease.holder.run, _REASON: lease.holder.reason}
        metadata["annotations"] = {key: text for key, text in notes.items() if text}
        spec |= {"holderIdentity": lease.holder.id, "acquireTime": lease.since, "renewTime": lease.renewed}
    if lease.seconds:
        spec["leaseDurationSeconds"] = lease.seconds
    return json.dumps(
        {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": metadata, "spec": spec}
    )


def renewed(lease: Lease, now: datetime) -> Lease:
    """A sign of life that differs from all before it, also by a clock that stands still or is set back."""
    return replace(lease, renewed=max(_stamp(now), _after(lease.renewed)))


def _after(stamp: str) -> str:
    """The next moment that a MicroTime can name; "" after none, and after what others wrote."""
    try:
        return _stamp(datetime.fromisoformat(stamp) + timedelta(microseconds=1))
    except (ValueError, OverflowError):
        return ""


def released(lease: Lease) -> Lease:
    return Lease(lease.version, None, transitions=lease.transitions)


def _stamp(now: datetime) -> str:
    """A MicroTime, which is always UTC with six digits after the second."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
