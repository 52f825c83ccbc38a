"""What a person looks at first: the finding, the pod's own events, the last words of the container."""

from collections.abc import Iterable
from dataclasses import dataclass

from aks_flow.core.runner import Runner
from aks_flow.rollout.verdict import reasons
from aks_flow.rollout.verdict.facts import Facts
from aks_flow.rollout.verdict.objects import Objects
from aks_flow.rollout.verdict.pods import Event, Pod
from aks_flow.rollout.verdict.troubles import Trouble
from aks_flow.rollout.watch.watch import Seen
from aks_flow.tools import kubectl
from aks_flow.tools.kubectl import Kubectl

LINES = 20  # of the failing container's log
EVENTS = 10  # of the pod


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, with what the cluster has to say about it. exit_code: of the container."""

    reason: str
    workload: str
    text: str
    pod: str = ""
    container: str = ""
    exit_code: int | None = None
    events: tuple[str, ...] = ()
    log: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """As a person reads it, indented by depth."""
        where = ", ".join(part for part in (self.pod, self.container) if part)
        return [
            f"{self.workload}: {self.reason}: {self.text}",
            *([f"    {where}"] if where else []),
            *(f"        event: {line}" for line in self.events),
            *(f"        log: {line}" for line in self.log),
        ]


def gather(run: Runner, cluster: Kubectl, seen: Seen) -> tuple[Finding, ...]:
    """The findings of a bad verdict, the explaining ones first."""
    order = list(reasons.EXIT_CODES).index
    found = sorted(seen.verdict.findings, key=lambda one: order(one.reason))
    said = _said(run, cluster)
    return tuple(_about(run, cluster, one, _pod(seen.facts, one), said) for one in found)


def _said(run: Runner, cluster: Kubectl) -> Objects:
    """The events now: they come a moment later than the state that they explain."""
    answer = run.run(cluster.events())
    return Objects(kubectl.parse_objects(answer.text) if answer.code == 0 else [])


def _about(run: Runner, cluster: Kubectl, trouble: Trouble, pod: Pod | None, said: Objects) -> Finding:
    return Finding(
        trouble.reason,
        trouble.workload,
        trouble.text,
        trouble.pod,
        trouble.container,
        trouble.exit_code,
        tuple(_events(said.said_of(pod.uid) if pod else ())),
        tuple(_last_lines(run, cluster, trouble, pod)),
    )


def _pod(facts: Facts, trouble: Trouble) -> Pod | None:
    pods = (pod for workload in facts.workloads for pod in workload.pods)
    return next((pod for pod in pods if pod.name == trouble.pod), None)


def _events(said: Iterable[Event]) -> list[str]:
    return [" ".join(str(event).split()) for event in list(said)[-EVENTS:]]


def _last_lines(run: Runner, cluster: Kubectl, trouble: Trouble, pod: Pod | None) -> list[str]:
    """Of the run before the last restart if there was one, since that one says why it ended."""
    state = next((one for one in pod.containers if one.name == trouble.container), None) if pod else None
    if state is None or not state.identity:
        return []
    for previous in (True, False) if state.restarts else (False,):
        answer = run.run(cluster.last_lines(trouble.pod, trouble.container, LINES, previous))
        if answer.code == 0 and answer.text.strip():
            return answer.text.splitlines()
    return []
