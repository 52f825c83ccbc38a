"""Where a run's time goes: every step, command, request and wait, as a file that browsers draw.

Nothing is noted until `recording` begins. The file has Chrome's trace event format, which
https://ui.perfetto.dev and chrome://tracing read:
https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
"""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aks_flow.core.errors import AksFlowError

STEP, COMMAND, REQUEST, WAIT, START = "step", "command", "request", "wait", "start-up"
_STEPS_ROW = 0


@dataclass
class _Trace:
    """events: in the order of their ends. open: the steps that run, the innermost last."""

    events: list[dict] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    rows: dict[int, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str, kind: str, began: float, seconds: float, cause: str) -> None:
        with self.lock:
            thread = self.rows.setdefault(threading.get_ident(), len(self.rows) + 1)
            row = _STEPS_ROW if kind == STEP else thread
            times = {"ts": round(began * 1e6), "dur": round(seconds * 1e6)}
            place = {"ph": "X", "pid": os.getpid(), "tid": row}
            self.events.append({"name": name, "cat": kind, **place, **times, "args": {"step": cause}})


_current: _Trace | None = None


@contextmanager
def span(name: str, kind: str) -> Iterator[None]:
    """Note what the block does, if a run is recorded. name: as a person knows it, without secrets."""
    trace = _current
    if trace is None:
        yield
        return
    cause = trace.open[-1] if trace.open else ""
    if kind == STEP:
        trace.open.append(name)
    began, start = time.time(), time.perf_counter()
    try:
        yield
    finally:
        if kind == STEP:
            trace.open.remove(name)
        trace.note(name, kind, began, time.perf_counter() - start, cause)


@contextmanager
def recording(target: str) -> Iterator[None]:
    """Record the block into the file ``target``, also if it fails; nothing for "".

    AksFlowError if the file cannot be written: before the block, which may change something.
    """
    global _current
    if not target:
        yield
        return
    _write(target, [])
    _current = trace = _Trace()
    trace.note("Python, Invoke and this program's modules", START, _started(), time.process_time(), "")
    try:
        yield
    finally:
        _current = None
        _write(target, trace.events)


def _started() -> float:
    """About when this process began: until now it has mostly computed."""
    return time.time() - time.process_time()


def _write(target: str, events: list[dict]) -> None:
    names = {event["tid"]: f"thread {event['tid']}" for event in events} | {_STEPS_ROW: "steps"}
    rows = [
        {"name": "thread_name", "ph": "M", "pid": os.getpid(), "tid": row, "args": {"name": name}}
        for row, name in names.items()
    ]
    try:
        Path(target).write_text(json.dumps({"traceEvents": [*rows, *events]}), "utf-8")
    except OSError as error:
        what, step = f"the trace cannot be written: {error.strerror}", "Name a file that can be written."
        raise AksFlowError(what, where=target, next_step=step) from error
