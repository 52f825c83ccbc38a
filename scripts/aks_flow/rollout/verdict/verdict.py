"""Good, bad or not yet: what the facts and the time that they have lasted allow to say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aks_flow.rollout.verdict import reasons, steady, waiting
from aks_flow.rollout.verdict.ages import Ages
from aks_flow.rollout.verdict.facts import RolloutFacts, WorkloadFacts
from aks_flow.rollout.verdict.troubles import RolloutTrouble, late, troubles

GOOD, BAD, WAITING = "good", "bad", "waiting"
SERVING = 15  # seconds for a Service to get an endpoint once its pods are ready
TOGETHER = 20  # seconds that a doomed workload waits for the others: a crash loop takes 14 to show


@dataclass(frozen=True)
class RolloutVerdict:
    """kind: GOOD, BAD or WAITING. findings: what is wrong, of a BAD one. waits_for: what is missing."""

    kind: str
    findings: tuple[RolloutTrouble, ...] = ()
    waits_for: str = ""

    @property
    def reason(self) -> str:
        """Of a bad verdict, one of `reasons`; "" of any other."""
        return reasons.first(trouble.reason for trouble in self.findings) if self.findings else ""


def marks(facts: RolloutFacts) -> dict[str, str]:
    """What about these facts must last, for `ages.Stopwatch`."""
    lasting: dict[str, str] = {}
    for workload in facts.workloads:
        lasting |= steady.marks(workload)
    for trouble in _of_workloads(facts):
        if not (trouble.needs_room and facts.leaving):
            lasting[trouble.mark] = ""
    if not any(workload.waits_for for workload in facts.workloads):
        lasting |= {trouble.mark: "" for trouble in _of_services(facts)}
    return lasting


def judge(facts: RolloutFacts, ages: Ages) -> RolloutVerdict:
    """BAD once a workload is doomed and the others are decided, too, or `TOGETHER` seconds later."""
    missing = {workload.ref: text for workload in facts.workloads if (text := _missing(workload, ages))}
    every = (*_of_workloads(facts), *_of_services(facts))
    doomed = [trouble for trouble in every if _is_doomed(trouble, ages)]
    undecided = set(missing) - {trouble.workload for trouble in doomed}
    waits_for = _told(facts, missing) or _endpoints(facts)
    if doomed and (not undecided or _longest(doomed, ages) >= TOGETHER):
        return RolloutVerdict(BAD, _distinct(doomed), waits_for)
    if not waits_for:
        return RolloutVerdict(GOOD)
    if ages.overdue:
        workloads = [workload for workload in facts.workloads if workload.ref in undecided]
        lates = [
            trouble
            for workload in workloads
            for trouble in late(workload, missing[workload.ref], steady.unsteady(workload, ages))
        ]
        return RolloutVerdict(BAD, _distinct([*doomed, *lates]) or _of_services(facts), waits_for)
    return RolloutVerdict(WAITING, waits_for=waits_for)


def _told(facts: RolloutFacts, missing: dict[str, str]) -> str:
    late = [workload for workload in facts.workloads if workload.ref in missing]
    return ", ".join(f"{workload.ref} ({waiting.told(workload, missing[workload.ref])})" for workload in late)


def _missing(workload: WorkloadFacts, ages: Ages) -> str:
    return workload.waits_for or steady.waits_for(workload, ages)


def _of_workloads(facts: RolloutFacts) -> Iterator[RolloutTrouble]:
    return (trouble for workload in facts.workloads for trouble in troubles(workload))


def _of_services(facts: RolloutFacts) -> tuple[RolloutTrouble, ...]:
    emptied = next((workload.ref for workload in facts.workloads if workload.emptied), "")
    return tuple(_unserved(name, emptied) for name in facts.unserved)


def _is_doomed(trouble: RolloutTrouble, ages: Ages) -> bool:
    lasts = trouble.mark in ages.seconds
    return trouble.grace is not None and lasts and ages.of(trouble.mark) >= trouble.grace


def _longest(doomed: Iterable[RolloutTrouble], ages: Ages) -> float:
    """For how many seconds one of them has been doomed."""
    return max(ages.of(trouble.mark) - trouble.grace for trouble in doomed)


def _endpoints(facts: RolloutFacts) -> str:
    return ", ".join(f"service/{name} (a ready endpoint)" for name in facts.unserved)


def _unserved(name: str, emptied: str) -> RolloutTrouble:
    reason, why = reasons.NEVER_READY, "no ready pod has the labels that it selects"
    if emptied:
        reason, why = reasons.OVERWRITTEN, f"somebody scaled {emptied} to 0; `kubectl scale` brings it back"
    return RolloutTrouble(reason, f"service/{name}", f"it has no ready endpoint: {why}", grace=SERVING)


def _distinct(every: list[RolloutTrouble]) -> tuple[RolloutTrouble, ...]:
    """The first of each kind: the pods of a workload mostly fail alike."""
    kinds = {(trouble.workload, trouble.reason, trouble.container): trouble for trouble in reversed(every)}
    return tuple(reversed(kinds.values()))
