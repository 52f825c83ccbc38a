"""Time to verdict: a fault brought to a workload that is well, and what `kubectl rollout status` says."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from aks_flow.core.command import Result
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.image.names import copy_of
from aks_flow.rehearsal.scenarios.bench.clock import seconds
from aks_flow.rollout.verdict import goal
from aks_flow.rollout.watch import watch
from aks_flow.tools import kubectl
from aks_flow.tools.kubectl import Kubectl

NAMESPACE, NAME = "bench-verdicts", "web"
DEADLINE, SHORT = 60, 10  # seconds; the short one for what is never ready
PATIENCE = 30  # seconds that `rollout status` is given: it would take the progress deadline's 600
SERVE = "import http.server; http.server.test(http.server.SimpleHTTPRequestHandler, port=8080)"
PROBE = {"httpGet": {"path": "/", "port": 8080}, "periodSeconds": 1}
GOOD = {"command": ["python3", "-c", SERVE], "readinessProbe": PROBE}
CRASH = {"command": ["sh", "-c", "echo boom; exit 3"]}
KEY = {"secretKeyRef": {"name": "nosuch", "key": "nosuch"}}
FAULTS = {  # name: (what changes of the container, the bar in seconds)
    "missing tag": ({"image": "MISSING"}, 5),
    "crash loop": (CRASH, 30),
    "crash loop without a probe": (CRASH | {"readinessProbe": None}, 30),
    "missing Secret": ({"env": [{"name": "X", "valueFrom": KEY}]}, 10),
    f"never ready, deadline {SHORT} s": (
        {"readinessProbe": PROBE | {"httpGet": {"path": "/nosuch", "port": 8080}}},
        SHORT + 2,
    ),
}


def times(config: Config, runs: int) -> list[tuple]:
    """Seconds from the apply to the verdict, and to the end of `kubectl rollout status`, for each fault."""
    bench = _Bench(config)
    with bench.namespace():
        return [row for name, (fault, bar) in FAULTS.items() for row in bench.measure(name, fault, bar, runs)]


class _Bench:
    def __init__(self, config: Config):
        self._run = Local()
        self._cluster = Kubectl.at(config.destination, NAMESPACE)
        self._image = copy_of(config, config.images["python"].source)

    @contextmanager
    def namespace(self) -> Iterator[None]:
        self._run.run(self._cluster.apply(json.dumps(kubectl.namespace_object(NAMESPACE))))
        try:
            yield
        finally:
            self._run.run(self._cluster.delete_namespace(NAMESPACE))

    def measure(self, name: str, fault: dict, bar: float, runs: int) -> Iterator[tuple]:
        """The verdict as often as asked, `rollout status` once: it takes what it is given."""
        yield f"verdict: {name}", "s", bar, [self._once(fault, self._judge) for _ in range(runs)]
        says = f"the same by `kubectl rollout status --timeout={PATIENCE}s`, which says "
        took = self._once(fault, self._status)
        yield says + self._said, "s", None, [took]

    def _once(self, fault: dict, wait) -> float:
        """From the apply of the fault, on a workload that is well, to the end of ``wait``."""
        self._judge(self._apply({}))
        applied = self._apply(fault)
        return seconds(lambda: wait(applied))

    def _apply(self, fault: dict) -> goal.RolloutGoal:
        missing = str(replace(self._image, tag="missing", digest=""))
        container = {"name": NAME, "image": str(self._image), **GOOD, **fault}
        container["image"] = missing if container["image"] == "MISSING" else container["image"]
        stored = self._run.run(self._cluster.apply_and_show(_deployment(container))).text
        return goal.applied_goal(NAMESPACE, kubectl.parse_objects(stored))

    def _judge(self, applied: goal.RolloutGoal) -> None:
        never = any("/nosuch" in str(target.template) for target in applied.targets)
        watch.watch(self._run, self._cluster, applied, SHORT if never else DEADLINE, lambda _: None)

    def _status(self, applied: goal.RolloutGoal) -> None:
        command = self._cluster.rollout_status([f"deployment/{NAME}"], PATIENCE)
        answer: Result = self._run.run(replace(command, ok=range(256)))
        self._said = "nothing in that time" if answer.code else "that it is well"


def _deployment(container: dict) -> str:
    labels = {"app": NAME}
    pod = {"containers": [container], "terminationGracePeriodSeconds": 1}
    template = {"metadata": {"labels": labels}, "spec": pod}
    strategy = {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template, "strategy": strategy}
    return json.dumps(
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": NAME}, "spec": spec}
    )
