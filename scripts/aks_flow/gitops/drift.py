"""Is every environment what its branch says, and is no hold forgotten?"""

from collections.abc import Mapping
from datetime import timedelta

from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.state import hold_path
from aks_flow.gitops.status import NONE, UNKNOWN, EnvironmentRow
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import log

FORGOTTEN = timedelta(days=7)  # a hold that is older counts as forgotten


def held_since(context: DeliveryContext, rows: list[EnvironmentRow]) -> dict[str, int]:
    """When each hold was last written (seconds since the epoch), by environment; the branch has been read."""
    branch = open_branch(context.run, context.config, history=True)
    tip = branch.tip().commit
    held = [row.environment for row in rows if row.hold != NONE]
    commands = {name: log.last_change(branch.repo, tip, hold_path(name)) for name in held}
    return {name: int(context.run.run(command).text) for name, command in commands.items()}


def findings(row: EnvironmentRow, held: Mapping[str, int], now: float) -> list[str]:
    """What is not as it should be, in one sentence for each thing.

    held: when each hold was written. now: seconds since the epoch.
    """
    name, sentences = row.environment, []
    if UNKNOWN in (row.running, row.drift) and row.wanted != NONE:
        sentences.append(f"{name}: Argo CD says nothing about it")
    elif row.wanted not in (NONE, row.running):
        sentences.append(f"{name} runs {row.running}, and its branch says {row.wanted}")
    if row.drift not in (NONE, UNKNOWN):
        sentences.append(f"{name} differs from its branch: {row.drift}")
    if name in held and now - held[name] > FORGOTTEN.total_seconds():
        days = int(now - held[name]) // 86400
        step = f"`./inv gitops.release-hold --env {name}` releases it"
        sentences.append(f"{name} is held for {days} days: {row.hold}; {step}")
    return sentences
