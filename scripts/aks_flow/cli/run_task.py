"""A task that is called: its function is imported and run, and an expected failure is one sentence."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from invoke import Context, Exit

from aks_flow import report
from aks_flow.cli.context import TaskContext
from aks_flow.cli.declare import FIRST, LazyTask
from aks_flow.core import stops, trace
from aks_flow.core.config import REHEARSAL
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.rollout.watch.failure import BadVerdict

INTERRUPTED = 130  # the shell's code for SIGINT


def run_task(task: LazyTask, context: Context, arguments: Mapping[str, Any]) -> None:
    """Run a task as a person or a workflow calls it: Exit, with the error shown once, if it fails."""
    stops.become_interrupts()
    given = TaskContext(context, arguments.get("json", False))
    with _failures_shown(context.config.get("target", "")), trace.recording(given.trace):
        if task.development:
            from aks_flow.core import environment  # a delivery need not pay for it

            environment.grow(given.root, report.note)
        if arguments.get("env") == FIRST:
            arguments = {**arguments, "env": next(iter(given.config().environments))}
        function_of(task)(given, **arguments)


def function_of(task: LazyTask) -> Callable:
    """What the task does, imported now: it takes a TaskContext and the task's arguments by name."""
    return getattr(import_module(task.module), task.function)


@contextmanager
def _failures_shown(target: str) -> Iterator[None]:
    try:
        yield
    except AksFlowError as error:
        _advise(error, target)
        report.failure(error)
        raise Exit(code=error.exit_code) from error
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("", "aks_flow"):
            raise  # a lack of our own module is a fault of ours
        report.failure(_missing(error.name))
        raise Exit(code=AksFlowError.exit_code) from error
    except KeyboardInterrupt as stop:
        if bad := _being_undone(stop):
            report.failure(bad)
        report.note("stopped: the last step may be done in part; run the same command again to go on")
        raise Exit(code=INTERRUPTED) from None


def _being_undone(stop: KeyboardInterrupt) -> BadVerdict | None:
    """The bad verdict after which the way back was interrupted: its evidence is not lost."""
    behind: BaseException | None = stop
    while behind and not isinstance(behind, BadVerdict):
        behind = behind.__context__
    return behind


def _advise(error: AksFlowError, target: str) -> None:
    """At the rehearsal, what does not answer was not started, and `rehearsal.up` has what it cannot pull."""
    if target != REHEARSAL or not isinstance(error, CommandFailed):
        return
    if error.command.argv[:2] == ("docker", "pull"):
        error.next_step = "Have ./inv rehearsal.up bring it; then run the same command again."
    if error.found_no_cluster:
        error.next_step = "Start it with ./inv rehearsal.up; then run the same command again."


def _missing(package: str) -> AksFlowError:
    step = f"Run it as ./inv TASK; if you did, remove {sys.prefix} and run it again."
    return AksFlowError(f"the Python package {package!r} is not here", next_step=step)
