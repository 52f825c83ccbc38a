"""What the tasks about the rehearsal's GitHub do, one function a task."""

from datetime import datetime

from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.github import dispatch as dispatching
from aks_flow.rehearsal.standins.github import process, pulls, show
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.receive import describe
from aks_flow.report import report


def runs(config: Config, as_json: bool) -> None:
    """Every run, the newest last."""
    found = _hub(config).runs.all()
    if as_json:
        return report.document(found)
    rows = [
        [run.number, run.workflow.rpartition("/")[2], run.event.branch, run.event.name, run.event.commit[:7]]
        + [run.state, f"{datetime.fromtimestamp(run.created):%H:%M:%S}", f"{run.seconds:.1f}", run.note]
        for run in found
    ]
    columns = ["run", "workflow", "branch", "event", "commit", "state", "pushed", "seconds", ""]
    return report.table("runs", columns, rows)


def one(config: Config, number: int, as_json: bool) -> None:
    """One run: its jobs and steps, its summary, what was not rehearsed; a failed step's output."""
    hub = _hub(config)
    run = hub.runs.get(number)
    told = show.Told(run, hub.runs.log(run), show.passed_over(hub, run))
    report.document(told) if as_json else show.show(told)


def variable(config: Config, name: str, value: str) -> None:
    """Set a variable of the repository; without a value remove it."""
    hub = _hub(config)
    hub.set_variables({name: value})
    for known, held in hub.variables.items():
        report.say(f"{known}={held}")


def pull_request(config: Config, branch: str, into: str) -> None:
    started = pulls.propose(_hub(config), branch, into)
    for run in started:
        report.say(describe(run))
    if not started:
        report.say(f"no workflow starts on a pull request into {into}")


def dispatch(config: Config, workflow: str, branch: str, given: list[str]) -> None:
    """given: NAME=VALUE texts."""
    for text in given:
        if "=" not in text:
            raise AksFlowError(f"{text!r} is no input", next_step="Write --input NAME=VALUE.")
    inputs = dict(text.split("=", 1) for text in given)
    report.say(describe(dispatching.dispatch(_hub(config), workflow, branch, inputs)))


def _hub(config: Config) -> Hub:
    hub = process.hub(Local(), config)
    if not hub.state.is_dir():
        raise AksFlowError("the rehearsal has no GitHub yet", next_step="`./inv rehearsal.up` starts it.")
    return hub
