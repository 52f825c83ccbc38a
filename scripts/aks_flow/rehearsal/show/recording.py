"""What happens in a rehearsal, a line of JSON for each event: written by several, read by the page's server.

Every event has ``at`` (seconds since the epoch) and ``kind``:

    begin  project, scenario, jobs                part  title, lane ("push", "pull" or "")
    step   id, name, lane, state, seconds, note   load  environment, seconds, versions (its answers), failed
    pod    environment, name, version, state      end   outcome, text
"""

import itertools
import json
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from aks_flow.core.config import Config
from aks_flow.core.steps import Step

EVENTS = "events.jsonl"
RUNNING, DONE, FAILED = "running", "done", "failed"
LONGEST = 2000  # characters of a text
_LANE = re.compile(r"\b(push|pull)\b", re.IGNORECASE)


def folder(config: Config) -> Path:
    return config.state / "show"


def file(config: Config) -> Path:
    """The events; it is there only while a run is shown."""
    return folder(config) / EVENTS


def append(events: Path, kind: str, **facts: object) -> None:
    """One write at the file's end, so that several writers never mix."""
    line = json.dumps({"at": time.time(), "kind": kind, **facts})
    with events.open("a", encoding="utf-8") as stream:
        stream.write(f"{line}\n")


class StepRecorder:
    """A listener of `Steps` that writes them down; ``part`` is told the title of each part of the run."""

    def __init__(self, events: Path):
        self._events, self._lane = events, ""
        self._numbers: dict[int, int] = {}
        self._count = itertools.count()

    def part(self, title: str) -> None:
        """The steps that follow belong to the path that the title names."""
        match = _LANE.search(title)
        self._lane = match[0].lower() if match else ""
        append(self._events, "part", title=_shortened(title), lane=self._lane)

    def begin(self, step: Step) -> None:
        self._numbers[id(step)] = next(self._count)
        self._write(step, RUNNING)

    def progress(self, step: Step) -> None:
        self._write(step, RUNNING)

    def end(self, step: Step, failed: bool) -> None:
        self._write(step, FAILED if failed else DONE)

    def tell(self, steps: Iterable[Mapping]) -> None:
        """The steps of a task that has ended, as its document has them."""
        for step in steps:
            state = FAILED if step["failed"] else DONE
            self._append(next(self._count), step["name"], state, step["seconds"], step["note"])

    def _write(self, step: Step, state: str) -> None:
        self._append(self._numbers[id(step)], step.name, state, step.seconds, step.note)

    def _append(self, number: int, name: str, state: str, seconds: float | None, note: str) -> None:
        facts = {"id": number, "name": name, "lane": self._lane, "state": state}
        append(self._events, "step", **facts, seconds=seconds, note=_shortened(note))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
