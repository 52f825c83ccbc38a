"""What a task is given, for tests that call its function: a folder, settings, a runner of the test's own."""

from collections.abc import Mapping
from pathlib import Path

from invoke import Context
from invoke.config import Config

from aks_flow.cli.context import TaskContext
from aks_flow.core.runner import Local, Runner


class GivenTask(TaskContext):
    """settings: invoke.yaml's content. run: what the task gets for its runner."""

    def __init__(self, root: Path, settings: Mapping | None = None, run: Runner | None = None):
        super().__init__(Context(Config(overrides=dict(settings or {}))), root=root)
        self._run = run or Local()

    def runner(self) -> Runner:
        return self._run
