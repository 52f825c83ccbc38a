"""Where drills are held: the stand-ins with a good delivery on each path, and a clone to deliver from."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core import wait
from aks_flow.core.command import Command, command
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Result
from aks_flow.core.steps import Steps
from aks_flow.rehearsal.scenarios import push_and_pull
from aks_flow.rehearsal.scenarios.drills.drill import PULL, PUSH, Said
from aks_flow.rehearsal.scenarios.push_and_pull import pulling, pushing, workspace
from aks_flow.rehearsal.standins.process.processes import running
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import branches, worktree
from aks_flow.tools.kubectl import Kubectl

_LINE_SECONDS = 120  # until a delivery that is to be killed has come to its step
_ENVIRONMENT = {PUSH: pushing.ENVIRONMENT, PULL: pulling.ENVIRONMENT}


@dataclass(frozen=True)
class Stage:
    """context: the stand-ins' own. repo: the clone. log: everything that the deliveries said."""

    context: DeliveryContext
    repo: Path
    log: Path

    @classmethod
    def prepare(cls, config: Config, steps: Steps, paths: set[str]) -> "Stage":
        """The stand-ins, and a good delivery on each of the paths."""
        context = push_and_pull.prepare(config, steps)
        repo = workspace.clone(context.run, config, "drill")
        if PUSH in paths:
            pushing.first(context, repo)
        if PULL in paths:
            inside = pulling.at(context, repo)
            pulling.first(inside, repo)
            context.run.run(worktree.checkout(repo, workspace.DEVELOP))
        log = config.state / "drill.log"
        log.write_text("")
        return cls(context, repo, log)

    @property
    def config(self) -> Config:
        return self.context.config

    @property
    def steps(self) -> Steps:
        return self.context.steps

    def cluster(self, path: str) -> Kubectl:
        return self.context.cluster(_ENVIRONMENT[path])

    def inv(self, *words: str, **settings: str) -> Said:
        """Run a task in the clone, as a person would."""
        began = time.monotonic()
        result = self.context.run.run(self._task(words, settings))
        return self._said(words, result, time.monotonic() - began)

    def killed(self, line: str, *words: str) -> None:
        """Run a task and kill it (as `kill -9` does) as soon as its output holds a text."""
        log = self.log.with_name("drill-killed.log")
        log.unlink(missing_ok=True)
        pid = self.context.run.start(self._task(words, {}), log)
        try:
            wait.until(lambda: line in log.read_text() or not running(pid), f"{line!r}", _LINE_SECONDS, 0.02)
        finally:
            os.kill(pid, signal.SIGKILL)
        if line not in log.read_text():
            raise AksFlowError(f"the delivery ended before {line!r}", next_step=f"Its output is {log}.")

    @contextmanager
    def change(self, path: str, file: str, change) -> Iterator[None]:
        """A commit whose file is ``change(text)``; a second commit takes it back afterwards."""
        with self.release() if path == PULL else nullcontext():
            place = self.repo / file
            before = place.read_text()
            try:
                place.write_text(change(before))
                workspace.commit(self.context.run, self.repo, f"Drill: change {file}")
                yield
            finally:
                place.write_text(before)
                workspace.commit(self.context.run, self.repo, f"Drill: take the change of {file} back")

    @contextmanager
    def release(self) -> Iterator[None]:
        """On the release branch, which is what the pull path delivers from."""
        [branch] = self.context.run.run(branches.names(self.repo, "release/*")).text.split()[-1:]
        self.context.run.run(worktree.checkout(self.repo, branch))
        try:
            yield
        finally:
            self.context.run.run(worktree.checkout(self.repo, workspace.DEVELOP))

    def overlay(self, path: str) -> str:
        """The file in which an environment differs from the base."""
        return f"{self.config.app.manifests}/overlays/{_ENVIRONMENT[path]}/kustomization.yaml"

    def _task(self, words: tuple[str, ...], settings: dict[str, str]) -> Command:
        target = self.config.destination
        variables = {
            "INVOKE_TARGET": "cluster",
            "INVOKE_TARGETS_CLUSTER_REGISTRY": target.registry,
            "INVOKE_TARGETS_CLUSTER_KUBECONFIG": target.kubeconfig,
            "INVOKE_TARGETS_CLUSTER_CONTEXT": target.context,
            "INVOKE_TARGETS_CLUSTER_REPOSITORY": target.repository,
        } | settings
        words = (sys.executable, "-m", "invoke", "--search-root", self.repo, *words)
        return command(*words, cwd=self.repo, env=variables, ok=range(256))

    def _said(self, words: tuple[str, ...], result: Result, seconds: float) -> Said:
        text = result.text + result.error_text
        with self.log.open("a") as log:
            log.write(f"$ ./inv {' '.join(words)}\n{text}(exit code {result.code}, {seconds:.1f} s)\n\n")
        return Said(result.code, text, seconds)
