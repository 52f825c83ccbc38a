"""The configuration of the rehearsal's tasks, which have the stand-ins as their target unless told."""

from aks_flow.cli.context import TaskContext
from aks_flow.core.config import REHEARSAL, Config
from aks_flow.core.errors import AksFlowError


def config(task: TaskContext, reads: bool = False, target: str = REHEARSAL) -> Config:
    """What starts and removes stand-ins never reaches another target. target: that of all environments.

    AksFlowError under --dry unless the task only ``reads``: nothing of it could be shown.
    """
    if task.dry and not reads:
        what = "the rehearsal's tasks change this machine, which --dry cannot show"
        step = "Run it without --dry, or `./inv --dry push` for the plan of a delivery."
        raise AksFlowError(what, next_step=step)
    return task.config(target=target).wholly_at(target)
