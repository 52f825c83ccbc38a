"""Carrying out a plan: read, decide, act, until there is nothing more to do.

Whoever stops it, SIGKILL included, loses nothing: the next run reads what there is and goes on.
"""

from aks_flow.azure import faults
from aks_flow.azure.plan import plan
from aks_flow.azure.plan.facts import read
from aks_flow.azure.plan.line import IMPOSSIBLE, Line
from aks_flow.azure.plan.plan import AzurePlanRequest
from aks_flow.core import wait
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.core.steps import Steps

ROUNDS = 8  # what exists after one round lets the next one act; the last one finds nothing
LAG = 300  # seconds until all of Azure knows a new identity


def up(run: Runner, request: AzurePlanRequest, steps: Steps) -> list[Line]:
    """Make Azure what the request asks for; the lines that were carried out, none if nothing differed.

    AksFlowError if something stands in the way, or if it still differs after all rounds.
    """
    done: list[Line] = []
    for _ in range(ROUNDS):
        lines = look(run, request, steps)
        refuse(lines)
        due = [line for line in lines if not line.settled]
        if not due:
            return done
        ready = [line for line in due if not line.after]
        if not ready:
            break
        for line in ready:
            with steps(line.verb) as step:
                step.note = f"{line.thing}: {line.why}"
                _act(run, line)
        done += ready
    still = "; ".join(f"{line.thing} {line.why}" for line in due)
    step = "./inv azure.status lists what there is; run ./inv azure.up again."
    raise AksFlowError(f"Azure still is not what it was asked to be: {still}", next_step=step)


def look(run: Runner, request: AzurePlanRequest, steps: Steps) -> list[Line]:
    """The lines of the plan, from a new reading."""
    with steps("read") as step:
        facts = read(run, request.az, request.config.azure)
        lines = plan.lines(request, facts)
        due = sum(1 for line in lines if not line.settled)
        step.note = f"{due} of {len(lines)} to do" if due else f"all {len(lines)} unchanged"
    return lines


def refuse(lines: list[Line]) -> None:
    """AksFlowError if something stands in the way; said before anything is changed."""
    if stuck := [line for line in lines if line.verb == IMPOSSIBLE]:
        what = "; ".join(f"{line.thing} {line.why}" for line in stuck)
        raise AksFlowError(what, where="Azure", next_step=" ".join(dict.fromkeys(line.do for line in stuck)))


def _act(run: Runner, line: Line) -> None:
    """Run a line's command, again while all that is wrong is that Azure has not yet heard of something."""

    def tried() -> bool:
        try:
            run.run(line.command)
        except faults.AzureFailed as error:
            if not (error.fault.soon or error.fault.done):
                raise
            return error.fault.done
        return True

    wait.until(tried, f"{line.verb} {line.thing}", LAG, pause=2, next_step="Run ./inv azure.up again.")
