"""The only module that executes programs. Flows receive a runner and hand it commands.

`Local` runs here (with the `sh` package what changes something), `Dry` runs what reads and lists the rest.
"""

import ctypes
import io
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import IO, Protocol, runtime_checkable

from aks_flow.core import silence, trace
from aks_flow.core.child_environment import child_environment, revealed
from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.stops import STOPS, stops_taken_by

LAST_LINES = 10
_BUFFER = 64 * 1024
_GRACE = 60  # seconds that an interrupted program has: tests remove their stand-ins

_AGAIN = "Correct what it says; then run the same command again."
_NO_ANSWER = re.compile(
    r"connection to the server .* was refused|Unable to connect to the server"
    r"|context \S+ does not exist|context was not found"
)
_ASK_THE_CLUSTER = (
    "Correct what it says (./inv doctor: does the cluster answer?); then run the same command again."
)


class NotInstalled(AksFlowError):
    """There is no such program on this machine."""


class CommandFailed(AksFlowError):
    """A program ended with an exit code that its command does not allow."""

    def __init__(self, command: Command, result: Result):
        printed = (result.error_text.strip() or _shown(command, result)).splitlines()
        lines = [line for line, _ in groupby(printed)][-LAST_LINES:]  # kubectl says one for each kind
        said = "\n".join(f"    {line}" for line in lines) or "    (it printed nothing)"
        what = f"`{command}` ended with exit code {result.code}:\n{said}"
        super().__init__(what, next_step=_ASK_THE_CLUSTER if command.cluster else _AGAIN)
        self.command, self.result = command, result

    @property
    def last(self) -> str:
        """The last line that the program printed."""
        return self.what.splitlines()[-1].strip()

    @property
    def found_no_cluster(self) -> bool:
        """True if kubectl found no server that answers, or no way to one."""
        return self.command.cluster and bool(_NO_ANSWER.search(self.what))

    @property
    def unanswered(self) -> bool:
        """True if the cluster gave no answer, or asked to be asked again later."""
        return self.command.cluster and (silence.is_lost(self.result) or silence.is_busy(self.result))

    def __str__(self) -> str:
        return f"{self.what}\n{self.next_step}"  # the program's own words end the sentence


def _shown(command: Command, result: Result) -> str:
    if command.private and result.stdout:
        return "(what it printed is not shown: there may be secrets in it)"
    return result.text.strip()


class Runner(Protocol):
    """What a flow needs of its runner; `run` raises CommandFailed unless the code is in `command.ok`."""

    def run(self, command: Command) -> Result: ...


@runtime_checkable
class Follower(Protocol):
    """A runner that can also hand on what a program prints while it runs; not every way to a cluster can."""

    def follow(self, command: Command, hear: "Hear") -> AbstractContextManager[None]: ...


class RunnerAround:
    """A runner around another one. It can follow a command, unchanged, if that one can."""

    def __init__(self, inner: Runner):
        self.inner = inner
        if isinstance(inner, Follower):
            self.follow = inner.follow


# Told each line, and at the program's own end its Result (whose stdout is empty), on a thread of its own.
Hear = Callable[[bytes | Result], None]


def stdin_of(command: Command) -> bytes:
    """What the program gets on standard input, secrets revealed."""
    data = command.stdin if command.stdin is not None else b""
    text = revealed(data) if not isinstance(data, bytes) else data
    return text.encode() if isinstance(text, str) else text


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A stop waits for the end of the block, and is raised then.

    Between fork and exec the child is this very program, and would run its clean-up. And what runs in the
    parent because of a fork is called by Python itself, which drops any exception.
    """
    came: list[int] = []
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        with stops_taken_by(lambda number, _: came.append(number)):
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        for number in came[:1]:
            signal.raise_signal(number)


_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, prctl(2)
_PATIENCE = 2  # seconds from SIGTERM to SIGKILL


def _as_child(parent: int) -> None:
    """In the child, before exec: a stop ends it as it ends any program, and so does its parent's end (Linux).

    Nobody hears what an orphan does: a kubectl that goes on applying would write without the lock.
    """
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    if _LIBC:
        _LIBC.prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)  # with the thread that started it
        if os.getppid() != parent:  # it has ended before it was asked to tell
            signal.raise_signal(signal.SIGTERM)


def _tied() -> Callable[[], None]:
    return partial(_as_child, os.getpid())


_SETTINGS = {
    **{"_in_bufsize": _BUFFER, "_out_bufsize": _BUFFER, "_err_bufsize": _BUFFER},
    **{"_bg": True, "_bg_exc": False, "_ok_code": range(-signal.NSIG, 256)},
}


def _require(command: Command) -> None:
    if not shutil.which(command.argv[0]):
        what = f"the program {command.argv[0]!r} is not installed"
        step = "Run ./inv doctor to see what is missing and what installs it."
        raise NotInstalled(what, next_step=step)


def _place(command: Command) -> dict:
    """Where `subprocess` runs a program: its environment and its folder."""
    return {"env": child_environment(command), "cwd": command.cwd}


@contextmanager
def _child(command: Command, **streams: object) -> Iterator[subprocess.Popen]:
    """A program that ends with this process, and is killed if the block fails."""
    with _uninterrupted():
        process = subprocess.Popen(command.argv, **_place(command), **streams, preexec_fn=_tied())
    with process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def _captured(command: Command) -> Result:
    """By the standard library, and tied to nothing.

    What only reads may outlive this process, so it is spared the fork, which takes longer than most questions
    to git: without a ``preexec_fn`` Python shares its memory with the child (vfork, posix_spawn) until exec.
    """
    with tempfile.TemporaryDirectory(prefix="aks-flow-") if command.litters else nullcontext() as folder:
        place = _place(command.with_env(TMPDIR=folder) if folder else command)
        ran = subprocess.run(command.argv, capture_output=True, **place, input=stdin_of(command))
    return Result(_shell_code(ran.returncode), ran.stdout, ran.stderr)


def _shell_code(code: int) -> int:
    """A child killed by a signal counts as 128 + signal, as in a shell."""
    return code if code >= 0 else 128 - code


class Bare:
    """Runs commands on this machine by the standard library alone: before there is an environment."""

    def run(self, command: Command) -> Result:
        _require(command)
        with trace.span(str(command), trace.COMMAND):
            result = self._execute(command)
        if result.code not in command.ok:
            raise CommandFailed(command, result)
        return result

    def _execute(self, command: Command) -> Result:
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        with _child(command, **pipes) as process:
            stdout, stderr = process.communicate(stdin_of(command))
        return Result(_shell_code(process.returncode), stdout, stderr)


class Local(Bare):
    """Runs commands on this machine, and keeps none of their output but the answer."""

    def _execute(self, command: Command) -> Result:
        if command.reads:
            return _captured(command)
        import sh  # 20 ms that a run which only reads need not pay

        # At DEBUG it logs the beginning of all that goes in and out: secrets.
        logging.getLogger(sh.__name__).setLevel(logging.WARNING)
        stdout, stderr = io.BytesIO(), io.BytesIO()
        program = sh.Command(command.argv[0]).bake(
            _in=io.BytesIO(stdin_of(command)),
            _out=stdout,
            _err=stderr,
            _env=child_environment(command),
            _cwd=str(command.cwd) if command.cwd else None,
            _tty_out=False,
            _preexec_fn=_tied(),
            **_SETTINGS,
        )
        with _uninterrupted():
            process = program(*command.argv[1:])
        try:
            process.wait()
        except KeyboardInterrupt:
            with suppress(ProcessLookupError):  # it may have heard the same signal
                process.terminate()
            raise
        return Result(_shell_code(process.exit_code), stdout.getvalue(), stderr.getvalue())

    @contextmanager
    def follow(self, command: Command, hear: Hear) -> Iterator[None]:
        """Run the command beside the block, and end it with the block. See `Hear` for what it is told."""
        _require(command)
        with (
            tempfile.TemporaryFile() as errors,
            _child(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors) as process,
        ):
            reader = threading.Thread(target=_hand_on, args=(process, errors, hear), daemon=True)
            reader.start()
            try:
                with trace.span(str(command), trace.COMMAND):
                    yield
            finally:
                _end(process)
                reader.join()

    def attach(self, command: Command) -> int:
        """Run with this process's own standard streams, for output that a person follows; the exit code.

        After an interrupt, which a terminal sends to the program too, that is waited for until it has ended.
        """
        _require(command)
        with _child(command) as process:
            try:
                return process.wait()
            except KeyboardInterrupt:
                _end_in_order(process)
                raise

    def record(self, command: Command, log: Path) -> int:
        """Run with all output in a file of its own; the exit code."""
        _require(command)
        with log.open("wb") as output, _child(command, **_unattended(output)) as process:
            return _shell_code(process.wait())

    def start(self, command: Command, log: Path) -> int:
        """Start a program that outlives this process, its output appended to `log`; returns its pid."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            settings = _place(command) | _unattended(output)
            return subprocess.Popen(command.argv, **settings, start_new_session=True).pid


def _end_in_order(process: subprocess.Popen) -> None:
    """Let it put things in order; a program that heard nothing of the interrupt is told, then killed."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    if process.returncode is None:
        _end(process)


def _unattended(output: IO[bytes]) -> dict:
    """The streams of a program that nobody talks to: all its output in one place."""
    return {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": subprocess.STDOUT}


def _hand_on(process: subprocess.Popen, errors: IO[bytes], hear: Hear) -> None:
    with process.stdout as lines:
        for line in lines:
            hear(line)
    code = process.wait()
    errors.seek(0)
    hear(Result(code, b"", errors.read()))


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


class Dry:
    """Runs what reads; what would change something is passed to `tell` and answered with nothing."""

    def __init__(self, runner: Runner, tell: Callable[[Command], None]):
        self._runner, self._tell = runner, tell

    def run(self, command: Command) -> Result:
        if command.reads:
            return self._runner.run(command)
        self._tell(command)
        return Result(0, b"", b"")
