"""A plan for Azure: from a task to what it is made from; its lines carried out and shown."""

from collections.abc import Iterable

from aks_flow import report
from aks_flow.azure.identity.repository import repository
from aks_flow.azure.plan.line import Line
from aks_flow.azure.plan.plan import AzurePlanRequest
from aks_flow.azure.signin import session
from aks_flow.cli.context import TaskContext
from aks_flow.core.runner import Runner
from aks_flow.core.steps import Steps


def request(task: TaskContext, run: Runner) -> AzurePlanRequest:
    """What the lines are made from, with `azure` as target whichever the configuration names."""
    config = task.config(target="azure")
    return AzurePlanRequest(config, session.az(config), repository(run, config))


def carry_out(run: Runner, lines: Iterable[Line], steps: Steps) -> None:
    """Run the commands, a step each."""
    for line in lines:
        with steps(line.verb) as step:
            step.note = f"{line.thing}: {line.why}"
            run.run(line.command)


def show(lines: list[Line], json: bool = False) -> None:
    """What would be done, command by command."""
    if json:
        return report.document(
            [{**vars(line), "command": line.command and str(line.command)} for line in lines]
        )
    for line in lines:
        report.say(f"{line.verb:10} {line.thing}{f': {line.why}' if line.why else ''}")
        if line.command:
            report.say(f"           $ {line.command}")
        if line.do:
            report.say(f"           {line.do}")
    due = sum(1 for line in lines if not line.settled)
    return report.say(f"{due} of {len(lines)} to do; nothing was changed" if due else "unchanged")
