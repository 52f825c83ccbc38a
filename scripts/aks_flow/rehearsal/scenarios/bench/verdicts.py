"""Time to verdict: a fault brought to a workload that is well, and what `kubectl rollout status` says."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial

from aks_flow.core import wait
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios.bench.clock import seconds
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.scenarios.drills import faults, quota
from aks_flow.rehearsal.scenarios.drills.faults import Fault
from aks_flow.rehearsal.standins.docker import helper
from aks_flow.rollout.verdict import goal, reasons, verdict
from aks_flow.rollout.watch import watch
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, apply, delete, get, output, resources, rollout

NAMESPACE, NAME = "bench-verdicts", "web"
LONG, SHORT = 60, 10  # seconds; the short deadline for what is never ready
PATIENCE = 30  # seconds that `rollout status` is given: it would take the progress deadline's 600
SERVE = "import http.server; http.server.test(http.server.SimpleHTTPRequestHandler, port=8080)"
PROBE = {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 1}
GOOD = {
    "command": ["python3", "-c", SERVE],
    "ports": [{"name": "http", "containerPort": 8080}],
    "readinessProbe": PROBE,
}
NO_PROBE = {"readinessProbe": None}


ANOTHER = {"env": [{"name": "ANOTHER", "value": "pod"}]}
UNSEEN_CRASH = replace(faults.CRASH_LOOP, fields={**faults.CRASH_LOOP.fields, **NO_PROBE})


@dataclass(frozen=True)
class Case:
    """fault: of a good container. bar, deadline: seconds to the verdict. pods: their quota, 0 for none."""

    name: str
    fault: Fault
    bar: float
    deadline: int = LONG
    pods: int = 0


def cases(registry: str) -> list[Case]:
    """The faults that are timed. registry: one that does not have the missing image."""
    return [
        Case("missing tag", faults.missing_image(registry), 5),
        Case("crash loop", faults.CRASH_LOOP, 30),
        Case("crash loop without a probe", UNSEEN_CRASH, 30),
        Case("liveness probe that fails", faults.LIVENESS_LOOP, 60),
        Case("missing Secret", faults.MISSING_SECRET, 10),
        Case("no node with room", faults.NO_ROOM, 20),
        Case("no room in a quota", Fault("quota", reasons.QUOTA, ANOTHER), 15, pods=1),
        Case(f"never ready, deadline {SHORT} s", faults.NEVER_READY, SHORT + 2, SHORT),
    ]


def times(context: DeliveryContext, runs: int) -> list[Figure]:
    """Seconds from the apply to the verdict, and to the end of `kubectl rollout status`, for each fault."""
    bench = _Bench(context)
    with bench.namespace():
        measured = cases(context.config.destination.registry)
        return [figure for case in measured for figure in bench.measure(case, runs)]


class _Bench:
    def __init__(self, context: DeliveryContext):
        self._run = context.run
        self._cluster = Kubectl.at(context.config.destination, NAMESPACE)
        self._image = str(helper.copy(context.config))

    @contextmanager
    def namespace(self) -> Iterator[None]:
        self._run.run(apply.manifest(self._cluster, json.dumps(resources.namespace(NAMESPACE))))
        try:
            yield
        finally:
            self._run.run(delete.by_name(self._cluster, "namespace", NAMESPACE))

    def measure(self, case: Case, runs: int) -> list[Figure]:
        """The verdict as often as asked, `rollout status` once: it takes what it is given.

        AksFlowError for another verdict than the fault's: how soon that comes is no figure of it.
        """
        judge = partial(self._judge, deadline=case.deadline, reason=case.fault.reason)
        verdicts = [self._time(case, judge) for _ in range(runs)]
        codes: list[int] = []
        status = self._time(case, lambda _: codes.append(self._rollout_status()))
        answer = "nothing in that time" if codes[0] else "that it is well"
        name = f"the same by `kubectl rollout status --timeout={PATIENCE}s`, which says {answer}"
        return [Figure(f"verdict: {case.name}", "s", case.bar, verdicts), Figure(name, "s", None, [status])]

    def _time(self, case: Case, follow: Callable[[goal.RolloutGoal], object]) -> float:
        """From the apply of the fault, on a workload that is well, to the end of ``follow``."""
        self._judge(self._apply({}), LONG)
        wait.until(self._has_settled, "the end of the pods of the fault before", LONG)
        with self._room(case):
            applied = self._apply(case.fault.fields)
            return seconds(lambda: follow(applied))

    def _has_settled(self) -> bool:
        """Whether no pod is about to go: a pod that lacks room is given time until those have gone."""
        pods = output.objects(self._run.run(get.all_of(self._cluster, "pods")).text)
        return not any("deletionTimestamp" in pod["metadata"] for pod in pods)

    def _room(self, case: Case) -> AbstractContextManager[None]:
        return quota.in_force(self._run, self._cluster, pods=case.pods) if case.pods else nullcontext()

    def _apply(self, fields: Mapping[str, object]) -> goal.RolloutGoal:
        container = {"name": NAME, "image": self._image, **GOOD, **fields}
        stored = self._run.run(apply.delivered_and_show(self._cluster, _deployment(container))).text
        return goal.applied_goal(NAMESPACE, output.objects(stored))

    def _judge(self, applied: goal.RolloutGoal, deadline: int, reason: str = "") -> None:
        seen = watch.watch(self._run, self._cluster, applied, deadline, lambda _: None).verdict
        if seen.reason != reason:
            what = f"the verdict is {seen.reason or seen.kind} in place of {reason or verdict.GOOD}"
            raise AksFlowError(what, next_step="See what else the machine or the cluster does.")

    def _rollout_status(self) -> int:
        command = rollout.status(self._cluster, [f"deployment/{NAME}"], PATIENCE)
        return self._run.run(replace(command, ok=range(256))).code


def _deployment(container: dict) -> str:
    labels = {"app": NAME}
    pod = {"containers": [container], "terminationGracePeriodSeconds": 1}
    template = {"metadata": {"labels": labels}, "spec": pod}
    strategy = {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template, "strategy": strategy}
    return json.dumps(
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": NAME}, "spec": spec}
    )
