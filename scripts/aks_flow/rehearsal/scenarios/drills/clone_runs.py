"""Tasks run in the drills' clone, as a person or a workflow runs them: to their end, heard, or killed."""

import json
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from aks_flow.core import wait
from aks_flow.core.command import Command, Result
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.scenarios import clone_tasks
from aks_flow.rehearsal.scenarios.drills.drill import TaskAnswer
from aks_flow.rehearsal.standins.process.processes import running

_ARRIVES_WITHIN = 120  # seconds until a delivery that is to be killed has come to its step
_ENDS_WITHIN = 600  # seconds: no task of a drill takes longer
_ERROR = "error: "  # how a task's error begins on standard error
_JSON = "--json"


class LinesOf:
    """Hands on the lines of a file that grows, once each; called again and again."""

    def __init__(self, file: Path, hear: Callable[[str], None]):
        self._file, self._hear, self._heard = file, hear, 0

    def __call__(self, ended: bool) -> bool:
        """``ended``, as given: what was said before that is handed on."""
        *whole, _ = self._file.read_text(errors="replace").split("\n")
        for line in whole[self._heard :]:
            self._hear(line)
        self._heard = len(whole)
        return ended


@dataclass(frozen=True)
class CloneRuns:
    """repo: the clone. log: everything that the tasks said. tell: hears the steps of each that has ended."""

    run: Local
    config: Config
    repo: Path
    log: Path
    tell: Callable[[Sequence[Mapping]], None] = lambda steps: None

    def inv(self, *words: str, **settings: str) -> TaskAnswer:
        """Run a task with --json, as a workflow would."""
        began = time.monotonic()
        words = (*words, _JSON)
        result = self.run.run(self._task(words, settings))
        document = json.loads(result.text or "{}")
        self.tell(document.get("steps", ()))
        return self._answer(words, result, document, time.monotonic() - began)

    def heard(self, hear: Callable[[str], None], *words: str, **settings: str) -> TaskAnswer:
        """Run a task without --json; ``hear`` is told each line that it says, wherever to, as it comes."""
        began, log = time.monotonic(), self.log.with_name("drill-heard.log")
        log.write_text("")
        with ThreadPoolExecutor() as pool:
            ended = pool.submit(self.run.record, self._task(words, settings), log)
            hand_on = LinesOf(log, hear)
            wait.until(lambda: hand_on(ended.done()), "the task to end", _ENDS_WITHIN, 0.05)
        said = log.read_bytes()
        result = Result(ended.result(), b"", said)
        return self._answer(words, result, {}, time.monotonic() - began)

    def kill(self, reached: Callable[[], bool], what: str, *words: str) -> None:
        """Run a task and kill it (as `kill -9` does) as soon as it has ``reached`` something.

        AksFlowError if it ends before, or does not get there; what: that, for the error.
        """
        log = self.log.with_name("drill-killed.log")
        log.unlink(missing_ok=True)
        pid = self.run.start(self._task((*words, _JSON), {}), log)
        try:
            wait.until(lambda: reached() or not running(pid), what, _ARRIVES_WITHIN, 0.02)
            ended = not running(pid)
        finally:
            os.kill(pid, signal.SIGKILL)
        if ended:
            raise AksFlowError(f"the delivery did not wait for {what}", next_step=f"Its output is {log}.")

    def need(self, answer: TaskAnswer) -> None:
        """AksFlowError if a step of the drill itself failed."""
        if answer.exit:
            what = f"a step of the drill itself failed: {answer.error.rstrip('.')}"
            raise AksFlowError(what, next_step=f"Its output is in {self.log}.")

    def _task(self, words: tuple[str, ...], settings: dict[str, str]) -> Command:
        lent = clone_tasks.variables(self.config, self.repo) | settings
        return replace(clone_tasks.task(self.repo, *words), env=lent, ok=range(256))

    def _answer(self, words: tuple[str, ...], result: Result, document: dict, seconds: float) -> TaskAnswer:
        text = result.text + result.error_text
        with self.log.open("a") as log:
            log.write(f"$ ./inv {' '.join(words)}\n{text}(exit code {result.code}, {seconds:.1f} s)\n\n")
        error = f"\n{result.error_text}".partition(f"\n{_ERROR}")[2].strip()
        return TaskAnswer(result.code, document, error, seconds)
