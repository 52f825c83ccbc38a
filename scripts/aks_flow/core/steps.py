"""The steps of a run: what was done, how long it took, what came of it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from aks_flow.core import trace
from aks_flow.core.moment import MOMENT


@dataclass
class Step:
    """One step. ``seconds`` is None while it runs; ``note`` says what came of it; ``failed`` if it raised."""

    name: str
    started: float = field(metadata=MOMENT)
    seconds: float | None = None
    note: str = ""
    failed: bool = False


class Listener(Protocol):
    """Told when a step begins, what a long one waits for, and when it ends well or fails."""

    def begin(self, step: Step) -> None: ...
    def progress(self, step: Step) -> None: ...
    def end(self, step: Step, failed: bool) -> None: ...


class Together:
    """Tells several listeners, each of them all."""

    def __init__(self, *listeners: Listener):
        self._listeners = listeners

    def begin(self, step: Step) -> None:
        for listener in self._listeners:
            listener.begin(step)

    def progress(self, step: Step) -> None:
        for listener in self._listeners:
            listener.progress(step)

    def end(self, step: Step, failed: bool) -> None:
        for listener in self._listeners:
            listener.end(step, failed)


class Silent(Together):
    """Tells nobody: for runs whose steps are read afterwards."""


class Steps:
    """Times steps and tells a listener: ``with steps("build") as step: step.note = "nothing to build"``."""

    def __init__(self, listener: Listener):
        self._listener = listener
        self.done: list[Step] = []

    @contextmanager
    def __call__(self, name: str) -> Iterator[Step]:
        step = Step(name, time.time())
        start = time.perf_counter()
        self._listener.begin(step)
        try:
            with trace.span(name, trace.STEP):
                yield step
        except BaseException:
            step.failed = True
            raise
        finally:
            step.seconds = time.perf_counter() - start
            self.done.append(step)
            self._listener.end(step, step.failed)

    def progress(self, step: Step, note: str) -> None:
        """Say what a running step waits for; the same words again are said once."""
        if note != step.note:
            step.note = note
            self._listener.progress(step)
