"""The runs of workflows, each a folder: what it is, its event, its log."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.moment import MOMENT
from aks_flow.rehearsal.standins.github.event import Event
from aks_flow.tools import act

QUEUED, RUNNING = "queued", "running"
SUCCESS, FAILURE, CANCELLED, SKIPPED = "success", "failure", "cancelled", "skipped"
ENDED = (SUCCESS, FAILURE, CANCELLED, SKIPPED)
_RECORD, _LOG, _DRAFT = "run.json", "act.jsonl", "run.new"


@dataclass(frozen=True)
class Run:
    """One run of one workflow file.

    workflow: the file's path in the repository. state: queued, running, or one of `ENDED`.
    created, started, ended: seconds since the epoch, 0 until then. note: why it ended as it did.
    """

    number: int
    workflow: str
    event: Event
    state: str = QUEUED
    created: float = field(default=0, metadata=MOMENT)
    started: float = field(default=0, metadata=MOMENT)
    ended: float = field(default=0, metadata=MOMENT)
    note: str = ""

    @property
    def seconds(self) -> float:
        """How long it ran; until now if it does."""
        return (self.ended or time.time()) - self.started if self.started else 0


@dataclass
class GrowingLog:
    """A run's log while act writes it: each line is read once. size: bytes that were read."""

    file: Path
    log: act.Log = field(default_factory=act.Log)
    size: int = 0

    def read(self) -> act.Log:
        """With what was written since; a line that is being written waits until it is whole."""
        try:
            with self.file.open("rb") as written:
                written.seek(self.size)
                lines = [line for line in written if line.endswith(b"\n")]
        except FileNotFoundError:
            return self.log
        self.size += sum(map(len, lines))
        act.extend(self.log, (line.decode(errors="replace") for line in lines))
        return self.log


class Runs:
    """All of them, in a folder that the hook, the service and the tasks share: every write is whole."""

    def __init__(self, folder: Path):
        self._folder = folder

    def add(self, workflow: str, event: Event, state: str = QUEUED, note: str = "") -> Run:
        """The next number is whoever's makes its folder first."""
        self._folder.mkdir(parents=True, exist_ok=True)
        number = max(self._numbers(), default=0) + 1
        while True:
            try:
                self.folder(number).mkdir()
                break
            except FileExistsError:
                number += 1
        now = time.time()
        run = Run(number, workflow, event, state, created=now, ended=now if state in ENDED else 0, note=note)
        self.save(run)
        return run

    def save(self, run: Run) -> None:
        draft = self.folder(run.number) / _DRAFT
        draft.write_text(json.dumps(asdict(run), indent=2))
        draft.replace(self.folder(run.number) / _RECORD)

    def update(self, run: Run, **changes) -> Run:
        changed = replace(run, **changes)
        self.save(changed)
        return changed

    def all(self) -> list[Run]:
        """By number. A folder whose record is being written is not a run yet."""
        records = (self._read(number) for number in self._numbers())
        return [run for run in records if run]

    def get(self, number: int) -> Run:
        """AksFlowError if there is no such run."""
        run = self._read(number)
        if not run:
            raise AksFlowError(f"there is no run {number}", next_step="`./inv rehearsal.runs` lists them.")
        return run

    def folder(self, number: int) -> Path:
        return self._folder / str(number)

    def log_file(self, run: Run) -> Path:
        return self.folder(run.number) / _LOG

    def log(self, run: Run) -> act.Log:
        """What act has written so far."""
        try:
            return act.parse(self.log_file(run).read_text(errors="replace").splitlines())
        except FileNotFoundError:
            return act.Log()

    def growing_log(self, number: int) -> GrowingLog:
        return GrowingLog(self.folder(number) / _LOG)

    def _numbers(self) -> list[int]:
        if not self._folder.is_dir():
            return []
        return sorted(int(entry.name) for entry in self._folder.iterdir() if entry.name.isdecimal())

    def _read(self, number: int) -> Run | None:
        try:
            return _run(json.loads((self.folder(number) / _RECORD).read_text()))
        except FileNotFoundError:
            return None


def _run(record: Mapping) -> Run:
    return Run(**{**record, "event": Event(**record["event"])})
