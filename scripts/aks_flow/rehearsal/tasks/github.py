"""What the tasks about the rehearsal's GitHub do: its runs, its variables, what starts a workflow."""

from datetime import datetime

from aks_flow import report
from aks_flow.cli.context import TaskContext
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.github import dispatch, github_process, pulls, run_view
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.receive import describe
from aks_flow.rehearsal.tasks import settings


def runs_task(task: TaskContext, json: bool) -> None:
    """Every run, the newest last."""
    runs = _hub(settings.config(task, reads=True)).runs.all()
    if json:
        return report.document(runs)
    rows = [
        [run.number, run.workflow.rpartition("/")[2], run.event.branch, run.event.name, run.event.commit[:7]]
        + [run.state, f"{datetime.fromtimestamp(run.created):%H:%M:%S}", f"{run.seconds:.1f}", run.note]
        for run in runs
    ]
    columns = ["run", "workflow", "branch", "event", "commit", "state", "pushed", "seconds", ""]
    return report.table("runs", columns, rows)


def run_task(task: TaskContext, number: str, json: bool) -> None:
    """One run: its jobs and steps, its summary, what was not rehearsed; a failed step's output."""
    hub = _hub(settings.config(task, reads=True))
    run = hub.runs.get(_whole(number))
    told = run_view.RunView(run, hub.runs.log(run), run_view.passed_over(hub, run))
    report.document(told) if json else run_view.show(told)


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise AksFlowError(f"{text!r} is no number", next_step="Give a whole number.")
    return int(text)


def variable_task(task: TaskContext, name: str, value: str) -> None:
    """Set a variable of the repository; without a value remove it."""
    hub = _hub(settings.config(task))
    hub.set_variables({name: value})
    for variable, text in hub.variables.items():
        report.say(f"{variable}={text}")


def pull_request_task(task: TaskContext, branch: str, into: str) -> None:
    runs = pulls.propose(_hub(settings.config(task)), branch, into)
    for run in runs:
        report.say(describe(run))
    if not runs:
        report.say(f"no workflow starts on a pull request into {into}")


def dispatch_task(task: TaskContext, workflow: str, input: list[str], branch: str) -> None:
    """input: NAME=VALUE texts."""
    config = settings.config(task)
    for text in input:
        if "=" not in text:
            raise AksFlowError(f"{text!r} is no input", next_step="Write --input NAME=VALUE.")
    inputs = dict(text.split("=", 1) for text in input)
    report.say(describe(dispatch.dispatch(_hub(config), workflow, branch, inputs)))


def _hub(config: Config) -> Hub:
    hub = github_process.hub(Local(), config)
    if not hub.state.is_dir():
        raise AksFlowError("the rehearsal has no GitHub yet", next_step="`./inv rehearsal.up` starts it.")
    return hub
