"""What many services cost a delivery that has nothing to do: the plan of fifty beside the plan of one."""

import json
from pathlib import Path

from aks_flow.core.command import Command
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios import clone_tasks
from aks_flow.rehearsal.scenarios.bench import scratch
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.scenarios.bench.pairs import MeasuredPair
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, delete

ENVIRONMENTS = {"one": 1, "fifty": 50}
_MOST = 4


def measure(context: DeliveryContext, runs: int) -> list[Figure]:
    """The ratio of `./inv push.plan` where fifty services run as they should to the same of one, and both."""
    project = _Project(context, scratch.make(context, ENVIRONMENTS))
    pair = MeasuredPair("plan of 50 services, nothing to do", _MOST, "of one service")
    try:
        for name in ENVIRONMENTS:
            project.run("push", name)
            project.check_unchanged(name)
        for _ in range(runs):
            pair.sample(lambda: project.run("push.plan", "fifty"), lambda: project.run("push.plan", "one"))
    finally:
        project.remove()
    return pair.figures


class _Project:
    def __init__(self, context: DeliveryContext, repo: Path):
        self._context, self._repo = context, repo

    def run(self, task: str, environment: str) -> str:
        """The document that the task shows."""
        return self._context.run.run(self._command(task, environment)).text

    def check_unchanged(self, environment: str) -> None:
        """AksFlowError if a plan has something to do: how long that takes is another figure."""
        if not json.loads(self.run("push.plan", environment))["empty"]:
            step = f"See `push.plan --env {environment}` in {self._repo}."
            raise AksFlowError(f"what was just delivered to {environment} is to change", next_step=step)

    def remove(self) -> None:
        """All that was delivered."""
        cluster = Kubectl.at(self._context.config.destination)
        self._context.run.run(delete.by_name(cluster, "namespace", *map(scratch.namespace, ENVIRONMENTS)))

    def _command(self, task: str, environment: str) -> Command:
        words = clone_tasks.task(self._repo, task, "--env", environment, "--json")
        return words.with_env(**clone_tasks.variables(self._context.config, self._repo))
