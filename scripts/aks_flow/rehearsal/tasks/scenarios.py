"""What `rehearse`, `drill` and `bench` do: play a scenario, one at a time on this machine."""

from types import ModuleType

from aks_flow import report
from aks_flow.cli.context import TaskContext
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios import bench, drills, gitflow, push_and_pull
from aks_flow.rehearsal.scenarios.push_and_pull import azure
from aks_flow.rehearsal.standins import stack
from aks_flow.rehearsal.tasks import settings


def rehearse_task(task: TaskContext, gitflow: bool, azure: bool, json: bool) -> None:
    config = settings.config(task)
    scenario = _chosen(gitflow, azure)
    with stack.turn(config, report.note):
        scenario.tell(config, json)


def _chosen(with_gitflow: bool, with_azure: bool) -> ModuleType:
    """The scenario that the flags ask for; AksFlowError if that is two."""
    if with_gitflow and with_azure:
        raise AksFlowError("--gitflow and --azure are two scenarios", next_step="Choose one of them.")
    if with_gitflow:
        return gitflow
    return azure if with_azure else push_and_pull


def drill_task(task: TaskContext, name: str, json: bool) -> None:
    config = settings.config(task)
    with stack.turn(config, report.note):
        drills.run(config, name, json)


def bench_task(task: TaskContext, json: bool, runs: int) -> None:
    config = settings.config(task)
    with stack.turn(config, report.note):
        bench.run(config, runs, json)
