"""Where drills are held: the stand-ins with a good delivery on each path, and a clone to deliver from."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core import wait
from aks_flow.core.command import Command, Result, command
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Steps
from aks_flow.rehearsal.scenarios import workspace
from aks_flow.rehearsal.scenarios.drills.drill import PULL, PUSH, TaskAnswer
from aks_flow.rehearsal.scenarios.push_and_pull import pull_path, push_path
from aks_flow.rehearsal.standins.process.processes import running
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import refs, worktree
from aks_flow.tools.kubectl import Kubectl

_ARRIVES_WITHIN = 120  # seconds until a delivery that is to be killed has come to its step
_ENVIRONMENT = {PUSH: push_path.ENVIRONMENT, PULL: pull_path.ENVIRONMENT}
_ERROR = "error: "  # how a task's error begins on standard error


@dataclass(frozen=True)
class DrillContext:
    """delivery: the stand-ins' own context. repo: the clone. log: everything that the deliveries said."""

    delivery: DeliveryContext
    repo: Path
    log: Path

    @classmethod
    def prepare(cls, delivery: DeliveryContext, paths: set[str]) -> "DrillContext":
        """A clone of its own, and a good delivery on each of the paths."""
        repo = workspace.clone(delivery.run, delivery.config, "drill")
        if PUSH in paths:
            push_path.deliver(delivery, repo)
        if PULL in paths:
            pull_path.deliver_release(delivery, repo)
            delivery.run.run(worktree.checkout(repo, workspace.DEVELOP))
        log = delivery.config.state / "drill.log"
        log.write_text("")
        return cls(delivery, repo, log)

    @property
    def config(self) -> Config:
        return self.delivery.config

    @property
    def steps(self) -> Steps:
        return self.delivery.steps

    def cluster(self, path: str) -> Kubectl:
        """kubectl for the namespace that a path delivers to."""
        return self.delivery.cluster(_ENVIRONMENT[path])

    def overlay(self, path: str) -> str:
        """The file in which a path's environment differs from the base."""
        return f"{self.config.app.manifests}/overlays/{_ENVIRONMENT[path]}/kustomization.yaml"

    def inv(self, *words: str, **settings: str) -> TaskAnswer:
        """Run a task in the clone with --json, as a workflow would."""
        began = time.monotonic()
        result = self.delivery.run.run(self._task(words, settings))
        return self._answer(words, result, time.monotonic() - began)

    def kill(self, reached: Callable[[], bool], what: str, *words: str) -> None:
        """Run a task and kill it (as `kill -9` does) as soon as it has ``reached`` something.

        AksFlowError if it ends before, or does not get there; what: that, for the error.
        """
        log = self.log.with_name("drill-killed.log")
        log.unlink(missing_ok=True)
        pid = self.delivery.run.start(self._task(words, {}), log)
        try:
            wait.until(lambda: reached() or not running(pid), what, _ARRIVES_WITHIN, 0.02)
            ended = not running(pid)
        finally:
            os.kill(pid, signal.SIGKILL)
        if ended:
            raise AksFlowError(f"the delivery did not wait for {what}", next_step=f"Its output is {log}.")

    @contextmanager
    def change(self, path: str, file: str, edit: Callable[[str], str]) -> Iterator[None]:
        """A commit whose file is ``edit(text)``; a second commit takes it back afterwards."""
        with self.release() if path == PULL else nullcontext():
            changed = self.repo / file
            before = changed.read_text()
            try:
                changed.write_text(edit(before))
                workspace.commit(self.delivery.run, self.repo, f"Drill: change {file}")
                yield
            finally:
                changed.write_text(before)
                workspace.commit(self.delivery.run, self.repo, f"Drill: take the change of {file} back")

    @contextmanager
    def release(self) -> Iterator[None]:
        """On the release branch, which is what the pull path delivers from."""
        [branch] = self.delivery.run.run(refs.branches(self.repo, "release/*")).text.split()[-1:]
        self.delivery.run.run(worktree.checkout(self.repo, branch))
        try:
            yield
        finally:
            self.delivery.run.run(worktree.checkout(self.repo, workspace.DEVELOP))

    def _task(self, words: tuple[str, ...], settings: dict[str, str]) -> Command:
        target = self.config.destination
        variables = {
            "INVOKE_TARGET": "cluster",
            "INVOKE_TARGETS_CLUSTER_REGISTRY": target.registry,
            "INVOKE_TARGETS_CLUSTER_KUBECONFIG": target.kubeconfig,
            "INVOKE_TARGETS_CLUSTER_CONTEXT": target.context,
            "INVOKE_TARGETS_CLUSTER_REPOSITORY": target.repository,
        } | settings
        invoke = (sys.executable, "-m", "invoke", "--search-root", self.repo)
        return command(*invoke, *words, "--json", cwd=self.repo, env=variables, ok=range(256))

    def _answer(self, words: tuple[str, ...], result: Result, seconds: float) -> TaskAnswer:
        text = result.text + result.error_text
        with self.log.open("a") as log:
            log.write(f"$ ./inv {' '.join(words)}\n{text}(exit code {result.code}, {seconds:.1f} s)\n\n")
        error = result.error_text.partition(_ERROR)[2].strip()
        return TaskAnswer(result.code, json.loads(result.text or "{}"), error, seconds)
