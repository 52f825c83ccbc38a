"""The stand-ins' processes: started in the background, found again by a file, stopped with a deadline."""

import json
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

import aks_flow
from aks_flow.core import wait
from aks_flow.core.command import Command
from aks_flow.core.config import Config
from aks_flow.core.config.errors import variable_of
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.process import user

STOP_WITHIN = 15  # seconds until a process that was asked to end is killed
SOURCES = Path(aks_flow.__file__).resolve().parents[1]  # where `python -m aks_flow.…` finds the package
FREE_WITHIN = 1  # seconds: a killed process may keep its port a moment longer than its life
_LAST_LINES = 10  # of the log of a process that ended at once


@dataclass(frozen=True)
class Process:
    """One stand-in: its name, and the folder for its ``NAME.pid`` and ``NAME.log``."""

    name: str
    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def _file(self) -> Path:
        return self.folder / f"{self.name}.pid"

    def pid(self) -> int | None:
        """The running process, or None. A pid that another program has by now does not count."""
        process = self._running()
        return process.pid if process else None

    def _running(self) -> psutil.Process | None:
        record = self._record()
        process = running(record.get("pid", 0))
        return process if process and _started(process) == record["started"] else None

    def stop_without_folder(self) -> None:
        """End it if the folder that it was started in is gone, as after an upgrade of the package."""
        process = self._running()
        if process and _folder_is_gone(process):
            self.stop()

    def port(self) -> int:
        """The port that it was started on; 0 for none."""
        return self._record().get("port", 0)

    def _record(self) -> dict[str, float]:
        try:
            return json.loads(self._file.read_text())
        except (OSError, ValueError):
            return {}

    def start(self, run: Local, command: Command, port: int = 0) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        pid = run.start(command, self.log)
        process = running(pid)
        record = {"pid": pid, "started": _started(process) if process else 0, "port": port}
        self._file.write_text(json.dumps(record))

    def stop(self) -> bool:
        """End it, by force after a while; False if it was not running; AksFlowError if another user's."""
        process = self._running()
        if process:
            try:
                stop(process)
            except psutil.AccessDenied as error:
                raise user.started_by_another(self.folder, process.uids().effective) from error
        self._file.unlink(missing_ok=True)
        return bool(process)

    def last_words(self) -> str:
        text = self.log.read_text(errors="replace") if self.log.is_file() else ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-_LAST_LINES:])

    def ready(self, condition, what: str, seconds: float) -> None:
        """Wait until ``condition`` holds; an AksFlowError with the log's end if the process dies before."""

        def alive_and_ready():
            if not self.pid():
                step = f"Its log is {self.log}."
                raise AksFlowError(f"{self.name} ended at once:\n{self.last_words()}\n", next_step=step)
            return condition()

        wait.until(alive_and_ready, what, seconds, pause=0.02, next_step=f"Its log is {self.log}.")


def running(pid: int) -> psutil.Process | None:
    """The process of that id; None if there is none, or if it has ended (a zombie has)."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def stop(process: psutil.Process) -> None:
    """Ask it to end, wait, and end it by force after a while. Nothing happens if it is gone."""
    with suppress(psutil.NoSuchProcess):
        process.terminate()
        if not wait.within(lambda: not running(process.pid), STOP_WITHIN, pause=0.05):
            process.kill()


def _folder_is_gone(process: psutil.Process) -> bool:
    """Whether the folder that it was started in was removed or replaced: what it still loads is not there."""
    try:
        return os.readlink(f"/proc/{process.pid}/cwd").endswith(" (deleted)")
    except OSError:  # it ends, or this system does not tell
        return False


def _started(process: psutil.Process) -> float:
    """Seconds from the machine's start to the process's: with its id, its identity.

    No time of day: that changes when the clock is set.
    """
    return round(process.create_time() - psutil.boot_time(), 2)


def cluster(config: Config) -> Process:
    return Process("cluster", config.state / "cluster")


def azure(config: Config) -> Process:
    return Process("azure", config.state / "azure")


def runs_at(process: Process, port: int, key: str) -> bool:
    """Whether the process runs; AksFlowError if on another port, or if the port is not free for it."""
    if not process.pid():
        need_free_port(port, key)
        return False
    if process.port() not in (0, port):
        step = "Run ./inv rehearsal.down first, or set the port back."
        what = f"{process.name} runs on port {process.port()}, and {port} is configured by now"
        raise AksFlowError(what, where=key, next_step=step)
    return True


def need_free_port(port: int, key: str) -> None:
    """AksFlowError naming the configuration key if something keeps listening on the loopback port."""
    if not wait.within(lambda: is_free(port), FREE_WITHIN, pause=0.05):
        step = (
            f"Stop what listens there, or choose another with `{key}` in invoke.yaml or {variable_of(key)}."
        )
        raise AksFlowError(f"port {port} on 127.0.0.1 is taken", where=key, next_step=step)


def is_free(port: int) -> bool:
    """Whether nothing listens on the loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
