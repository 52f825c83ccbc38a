"""Good, bad or not yet: what the facts and the time that they have lasted allow to say."""

from collections.abc import Iterator
from dataclasses import dataclass

from aks_flow.rollout.verdict import reasons, steady
from aks_flow.rollout.verdict.ages import Ages
from aks_flow.rollout.verdict.facts import Facts, Workload
from aks_flow.rollout.verdict.troubles import Trouble, late, troubles

GOOD, BAD, WAITING = "good", "bad", "waiting"
SERVING = 15  # seconds for a Service to get an endpoint once its pods are ready
TOGETHER = 20  # seconds that a doomed workload waits for the others' end: a crash loop takes 14 to show


@dataclass(frozen=True)
class Verdict:
    """kind: GOOD, BAD or WAITING. findings: what is wrong, of a BAD one. waits_for: what is missing."""

    kind: str
    findings: tuple[Trouble, ...] = ()
    waits_for: str = ""

    @property
    def reason(self) -> str:
        """Of a bad verdict, one of `reasons`; "" of any other."""
        return reasons.first(one.reason for one in self.findings) if self.findings else ""


def marks(facts: Facts) -> dict[str, str]:
    """What about these facts must last, for `ages.Stopwatch`."""
    found = {name: begun for one in facts.workloads for name, begun in steady.marks(one).items()}
    every = [trouble for one in facts.workloads for trouble in troubles(one)]
    found |= {one.mark: "" for one in every if not (one.needs_room and facts.leaving)}
    if not any(one.waits_for for one in facts.workloads):
        found |= {_unserved(name).mark: "" for name in facts.unserved}
    return found


def judge(facts: Facts, ages: Ages) -> Verdict:
    """BAD as soon as a workload is doomed and the others have come to their end too, or soon after."""
    missing = {one.ref: text for one in facts.workloads if (text := _missing(one, ages))}
    doomed = [one for one in _all(facts) if _is_doomed(one, ages)]
    unsettled = set(missing) - {one.workload for one in doomed}
    waits_for = ", ".join(f"{ref} ({text})" for ref, text in missing.items()) or _endpoints(facts)
    if doomed and (not unsettled or max(ages.of(one.mark) - one.grace for one in doomed) >= TOGETHER):
        return Verdict(BAD, _distinct(doomed), waits_for)
    if not waits_for:
        return Verdict(GOOD)
    if ages.overdue:
        open_ = (one for one in facts.workloads if one.ref in unsettled)
        found = [*doomed, *(trouble for one in open_ for trouble in late(one, missing[one.ref]))]
        return Verdict(BAD, _distinct(found) or _unserved_all(facts), waits_for)
    return Verdict(WAITING, waits_for=waits_for)


def _missing(workload: Workload, ages: Ages) -> str:
    return workload.waits_for or steady.waits_for(workload, ages)


def _all(facts: Facts) -> Iterator[Trouble]:
    for workload in facts.workloads:
        yield from troubles(workload)
    yield from _unserved_all(facts)


def _is_doomed(trouble: Trouble, ages: Ages) -> bool:
    return (
        trouble.grace is not None and trouble.mark in ages.seconds and ages.of(trouble.mark) >= trouble.grace
    )


def _endpoints(facts: Facts) -> str:
    return ", ".join(f"service/{name} (a ready endpoint)" for name in facts.unserved)


def _unserved_all(facts: Facts) -> tuple[Trouble, ...]:
    return tuple(_unserved(name) for name in facts.unserved)


def _unserved(name: str) -> Trouble:
    text = "it has no ready endpoint: no ready pod has the labels that it selects"
    return Trouble(reasons.NEVER_READY, f"service/{name}", text, grace=SERVING)


def _distinct(found: list[Trouble]) -> tuple[Trouble, ...]:
    """One of each kind: the pods of a workload mostly fail alike."""
    kinds = {(one.workload, one.reason, one.container): one for one in reversed(found)}
    return tuple(reversed(kinds.values()))
