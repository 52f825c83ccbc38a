"""The configuration of the rehearsal's tasks, which have the stand-ins as their target unless told."""

import os
from pathlib import Path

from aks_flow.cli.context import TaskContext
from aks_flow.core.config import REHEARSAL, Config
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.process import user


def config(task: TaskContext, reads: bool = False, target: str = REHEARSAL) -> Config:
    """What starts and removes stand-ins never reaches another target. target: that of all environments.

    AksFlowError under --dry unless the task only ``reads``: nothing of it could be shown. Also if another
    user has started this clone's rehearsal: its files and processes are that one's.
    """
    if task.dry and not reads:
        what = "the rehearsal's tasks change this machine, which --dry cannot show"
        step = "Run it without --dry, or `./inv --dry push` for the plan of a delivery."
        raise AksFlowError(what, next_step=step)
    config = task.config(target=target).wholly_at(target)
    _need_own(config.state)
    return config


def _need_own(state: Path) -> None:
    owner = state.stat().st_uid if state.is_dir() else os.geteuid()
    if os.geteuid() not in (0, owner):
        raise user.started_by_another(state, owner)
