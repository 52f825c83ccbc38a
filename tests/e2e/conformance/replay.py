"""Runs recorded commands with the real programs: kubectl, and the sed and printf that feed it."""

import json
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from aks_flow.core import wait
from tests.e2e.conformance import exchanges
from tests.e2e.conformance.normal import RECORDED_REGISTRY
from tests.e2e.conformance.steps import DATA, EXTRA, Step, Until
from tests.e2e.kubectl import PROGRAM, Kubectl

MOMENT = 60  # seconds until the moment that a recording shows


class Replayed(NamedTuple):
    """An answer, kubectl's log lines taken out of stderr, and the exchanges that they told."""

    exit: int
    stdout: str
    stderr: str
    http: list[exchanges.Exchange]


@dataclass(frozen=True)
class Replay:
    """Recorded commands against a live cluster; ``folder`` holds the manifests that they name."""

    kubectl: Kubectl
    registry: str
    folder: Path

    def prepare(self) -> None:
        for source in (DATA / "m", EXTRA):
            shutil.copytree(source, self.folder / "m", dirs_exist_ok=True)
        for file in (self.folder / "m").iterdir():
            file.write_text(self._ours(file.read_text()))

    def step(self, step: Step) -> Replayed:
        for command in step.before:
            done = self.run(command)
            assert done.exit == 0, f"before the step: {command}: {done}"
        if step.until:
            self.wait(step.until)
        return (
            self.urls(step.command)
            if step.command.startswith("curl ")
            else self.run(step.command, step.stdin)
        )

    def wait(self, until: Until) -> None:
        last = ["nothing"]

        def reached() -> bool:
            last[0] = self.run(until.command).stdout
            return bool(re.search(until.shows, last[0])) and not re.search(until.lacks, last[0])

        try:
            wait.until(reached, f"the recorded moment ({until})", MOMENT, pause=0.1)
        except wait.DeadlineError as error:
            raise AssertionError(f"{error}; the last output was:\n{last[0]}") from error

    def run(self, command: str, stdin: str = "") -> Replayed:
        """A pipeline: one program's stdout is the next one's stdin; the last one's exit counts."""
        data, said = self._ours(stdin), ""
        for argv in pipeline(self._ours(command)):
            done = self._execute(argv, data)
            data, said = done.stdout, said + done.stderr
        stderr, http = exchanges.split(said)
        return Replayed(done.returncode, data, stderr, http)

    def urls(self, command: str) -> Replayed:
        """`curl URL…` with the credentials of the kubeconfig: a JSON list of the answers."""
        paths = [urlsplit(word).path for word in shlex.split(command) if word.startswith("http://")]
        done = [self.run(f"kubectl get --raw {path}") for path in paths]
        documents = [json.loads(answer.stdout) for answer in done]
        # What is asked for raw is not in kubectl's log, but is its output.
        http = [exchanges.exchange(answer.http[-1].line, answer.stdout) for answer in done]
        stderr = "".join(answer.stderr for answer in done)
        return Replayed(max(answer.exit for answer in done), json.dumps(documents), stderr, http)

    def _execute(self, argv: list[str], stdin: str) -> subprocess.CompletedProcess:
        if argv[0] == "kubectl":
            argv = [PROGRAM, exchanges.FLAG, *argv[1:]]
        environment = self.kubectl.environment
        return subprocess.run(
            argv, input=stdin, capture_output=True, text=True, cwd=self.folder, env=environment, timeout=120
        )

    def _ours(self, text: str) -> str:
        return text.replace(RECORDED_REGISTRY, self.registry)


def pipeline(command: str) -> list[list[str]]:
    """A shell pipeline without the shell: its commands' argument lists."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="|")
    lexer.whitespace_split = True
    argvs = [[]]
    for word in lexer:
        if word == "|":
            argvs.append([])
        else:
            argvs[-1].append(word)
    return argvs
