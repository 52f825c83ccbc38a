"""The real kubectl, pointed at one cluster."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from aks_flow.core import wait

PROGRAM = str(Path(sys.executable).with_name("kubectl"))


class Answer(NamedTuple):
    """What a command left: its exit code and its two outputs."""

    exit: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Kubectl:
    """Runs kubectl with a kubeconfig and a discovery cache of its own."""

    kubeconfig: Path
    cache: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "KUBECONFIG": str(self.kubeconfig), "KUBECACHEDIR": str(self.cache)}

    def __call__(self, *args: str, stdin: str | None = None, timeout: float = 120, **env: str) -> Answer:
        done = subprocess.run(
            [PROGRAM, *args],
            input=stdin or "",
            capture_output=True,
            text=True,
            env=self.environment | env,
            timeout=timeout,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def ok(self, *args: str, stdin: str | None = None) -> str:
        """Stdout of a command that must succeed."""
        answer = self(*args, stdin=stdin)
        assert answer.exit == 0, (
            f"kubectl {' '.join(args)}: exit {answer.exit}\n{answer.stdout}{answer.stderr}"
        )
        return answer.stdout

    def until(self, shows: str, *args: str, seconds: float = 60) -> str:
        """Repeat a command that reads until its output has a text; AssertionError with the last output."""
        last = [Answer(0, "", "")]

        def shown() -> bool:
            last[0] = self(*args)
            return shows in last[0].stdout

        try:
            wait.until(shown, f"{shows!r} in kubectl {' '.join(args)}", seconds, pause=0.1)
        except wait.DeadlineError as error:
            raise AssertionError(f"{error}; the last answer was {last[0]}") from error
        return last[0].stdout
