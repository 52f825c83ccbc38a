"""The task `doctor`; and its look at the rehearsal, with as much of the environment as there is."""

from aks_flow.cli import connect, doctor, programs
from aks_flow.cli.context import TaskContext
from aks_flow.cli.doctor.facts import Lack, StandIns
from aks_flow.core.config import REHEARSAL, Config
from aks_flow.core.runner import Runner

START = "./inv rehearsal.up"


def doctor_task(task: TaskContext, verify: bool) -> None:
    context = connect.delivery(task)
    programs.check() if verify else doctor.check(context, stand_ins(context.run, context.config))


def stand_ins(run: Runner, config: Config) -> StandIns | None:
    """None if the target is another one."""
    if config.target != REHEARSAL:
        return None
    try:
        from aks_flow.rehearsal.tasks import needs
    except ModuleNotFoundError as error:
        if (error.name or "aks_flow").startswith("aks_flow"):
            raise
        return StandIns(START, lacking=(Lack("the rehearsal's Python packages", START),))
    return StandIns(START, needs.ports(run, config), needs.lacks(run, START))
