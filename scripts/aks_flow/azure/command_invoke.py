"""Runs kubectl inside the cluster with `az aks command invoke`: for private clusters without a jump host.

The call itself ends well even if the command did not (Azure/azure-cli#23808), waits 300 s at most, and gives
512 kB of output at most. So it is started without waiting, asked for until it has ended, and judged by its
own exit code.
"""

import shlex
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aks_flow.core import wait
from aks_flow.core.command import Command, Result
from aks_flow.core.config.azure import AzureSettings
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner, stdin_of
from aks_flow.tools.az import Az, aks
from aks_flow.tools.az.aks import Invoked
from aks_flow.tools.kubectl import patch

LIMIT = 512 * 1024  # bytes of output that Azure hands on
LONGEST = 1800  # seconds that a command may take
PAUSE = 1  # seconds between two questions
# Azure hands both outputs on as one: standard error comes last, behind a mark.
_MARK = "--- aks-flow: standard error ---"
_APART = """e=$(mktemp); trap 'rm -f "$e"' EXIT; {} 2>"$e"; c=$?; printf '\\n%s\\n' '{}'; cat "$e"; exit $c"""
_FILE = "manifest.yaml"
_STDIN = {"--filename=-": f"--filename={_FILE}", f"--patch-file={patch.STDIN}": f"--patch-file={_FILE}"}


class CommandInvoke:
    """A runner whose commands run inside the cluster. run: the runner that has az."""

    def __init__(self, run: Runner, az: Az, azure: AzureSettings):
        self._run, self._az, self._azure = run, az, azure

    def run(self, command: Command) -> Result:
        """Run it there, to its end; CommandFailed for a bad exit code, AksFlowError if it cannot be run."""
        ended = self._ended(self._start(command))
        result = verdict(command, ended)
        if result.code not in command.ok:
            raise CommandFailed(command, result)
        return result

    def _start(self, command: Command) -> str:
        with _attached(command, self._az.home.parent) as (line, files):
            answer = self._run.run(aks.invoke(self._az, self._azure, line, files)).text
        if identifier := aks.parse_id(answer):
            return identifier
        step = "Run the same command again; `az aks command invoke` may say more."
        raise AksFlowError(f"Azure did not take the command: {answer.strip()}", next_step=step)

    def _ended(self, identifier: str) -> Invoked:
        ask = aks.invoked(self._az, self._azure, identifier)
        step = f"It may still run: `{ask}` asks again."
        what = "the end of the command in the cluster"
        return wait.until(
            lambda: aks.parse_invoked(self._run.run(ask).text), what, LONGEST, PAUSE, next_step=step
        )


def verdict(command: Command, ended: Invoked) -> Result:
    """What the command itself answered; AksFlowError if that cannot be told."""
    if ended.state == "Failed" or ended.code is None:
        step = "Look whether the cluster has room for a pod (`./inv azure.status`); then run it again."
        what = f"the cluster did not run the command: {ended.reason or 'it gave no exit code'}"
        raise AksFlowError(what, where=str(command), next_step=step)
    output = ended.logs.encode()
    if len(output) >= LIMIT and command.reads and ended.code in command.ok:
        step = "Ask for less, or give the target a jump host (`via: user@host`): that has no such limit."
        what = f"Azure cut the output at {LIMIT // 1024} kB, so the answer is not complete"
        raise AksFlowError(what, where=str(command), next_step=step)
    out, mark, err = ended.logs.partition(f"\n{_MARK}\n")
    return Result(ended.code, out.encode(), (err if mark or not ended.code else out).encode())


@contextmanager
def _attached(command: Command, home: Path) -> Iterator[tuple[str, list[Path]]]:
    """The command line, and its standard input as a file beside it; the file is removed after the call."""
    data = stdin_of(command)
    if not data:
        yield _apart(command.argv), []
        return
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=home) as folder:  # for this user's eyes only
        file = Path(folder, _FILE)
        file.write_bytes(data)
        yield _apart(_STDIN.get(word, word) for word in command.argv), [file]


def _apart(words: Iterable[str]) -> str:
    return _APART.format(shlex.join(words), _MARK)
