"""What a person looks at first: the finding, the pod's own events, the last lines of the container's log."""

import re
from collections.abc import Iterable

from aks_flow.core.printable import shortened
from aks_flow.core.runner import Runner
from aks_flow.rollout.verdict import reasons
from aks_flow.rollout.verdict.facts import RolloutFacts
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.rollout.verdict.pods import ObjectEvent, ObservedPod
from aks_flow.rollout.verdict.troubles import RolloutTrouble
from aks_flow.rollout.watch.failure import RolloutFinding
from aks_flow.rollout.watch.watch import Observation
from aks_flow.tools.kubectl import Kubectl, get, logs, output

# What a node answers in a log's place, with exit code 0: the container's files are gone.
_NO_LOG = re.compile(r"unable to retrieve container logs for \w+://|failed to try resolving symlinks in path")
LINES = 20  # of the failing container's log
EVENTS = 10  # of the pod


def gather(run: Runner, cluster: Kubectl, seen: Observation) -> tuple[RolloutFinding, ...]:
    """The findings of a bad verdict, the explaining ones first."""
    order = list(reasons.EXIT_CODES).index
    troubles = sorted(seen.verdict.findings, key=lambda trouble: order(trouble.reason))
    objects = _events_now(run, cluster)
    return tuple(_finding(run, cluster, trouble, _pod(seen.facts, trouble), objects) for trouble in troubles)


def _events_now(run: Runner, cluster: Kubectl) -> NamespaceObjects:
    """Asked again: events come a moment later than the state that they explain."""
    answer = run.run(get.events(cluster))
    return NamespaceObjects(output.objects(answer.text) if answer.code == 0 else [])


def _finding(
    run: Runner, cluster: Kubectl, trouble: RolloutTrouble, pod: ObservedPod | None, objects: NamespaceObjects
) -> RolloutFinding:
    return RolloutFinding(
        trouble.reason,
        trouble.workload,
        shortened(" ".join(trouble.text.split())),
        trouble.pod,
        trouble.container,
        trouble.exit_code,
        events=tuple(_event_lines(_events_of(pod, objects) if pod else [])),
        log=tuple(_last_lines(run, cluster, trouble, pod)),
    )


def _events_of(pod: ObservedPod, objects: NamespaceObjects) -> Iterable[ObjectEvent]:
    """Those that were seen before, where nobody answers now."""
    return objects.events_of(pod.uid) or pod.events


def _pod(facts: RolloutFacts, trouble: RolloutTrouble) -> ObservedPod | None:
    pods = (pod for workload in facts.workloads for pod in workload.pods)
    return next((pod for pod in pods if pod.name == trouble.pod), None)


def _event_lines(events: Iterable[ObjectEvent]) -> list[str]:
    return [shortened(" ".join(str(event).split())) for event in list(events)[-EVENTS:]]


def _last_lines(run: Runner, cluster: Kubectl, trouble: RolloutTrouble, pod: ObservedPod | None) -> list[str]:
    """Of the run before the last restart if there was one, since that says why it ended; else the other."""
    containers = pod.containers if pod else ()
    state = next((container for container in containers if container.name == trouble.container), None)
    if state is None or not state.identity:
        return []
    for previous in (True, False) if state.restarts else (False, True):
        answer = run.run(logs.tail(cluster, trouble.pod, trouble.container, LINES, previous))
        if answer.code == 0 and answer.text.strip() and not _NO_LOG.match(answer.text):
            return [shortened(line) for line in answer.text.splitlines()]
    return []
