"""Is every environment what its branch says, and is no hold forgotten?"""

from collections.abc import Mapping
from datetime import timedelta

from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.state import held_in
from aks_flow.gitops.status import NONE, UNKNOWN, Row
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import objects

FORGOTTEN = timedelta(days=7)  # after which a hold is taken for one


def held_since(context: DeliveryContext, rows: list[Row]) -> dict[str, int]:
    """When each hold was last written (seconds since the epoch), by environment; the branch has been read."""
    branch = open_branch(context.run, context.config, history=True)
    tip = branch.tip().commit
    held = [row.environment for row in rows if row.hold != NONE]
    asked = {name: objects.last_change(branch.repo, tip, held_in(name)) for name in held}
    return {name: int(context.run.run(command).text) for name, command in asked.items()}


def findings(row: Row, held: Mapping[str, int], now: float) -> list[str]:
    """What is not as it should be, a sentence each. now: seconds since the epoch."""
    name, found = row.environment, []
    if UNKNOWN in (row.running, row.drift) and row.wanted != NONE:
        found.append(f"{name}: Argo CD says nothing about it")
    elif row.wanted not in (NONE, row.running):
        found.append(f"{name} runs {row.running}, and its branch says {row.wanted}")
    if row.drift not in (NONE, UNKNOWN):
        found.append(f"{name} differs from its branch: {row.drift}")
    if name in held and now - held[name] > FORGOTTEN.total_seconds():
        days = int(now - held[name]) // 86400
        step = f"`./inv gitops.release-hold --env {name}` releases it"
        found.append(f"{name} is held for {days} days: {row.hold}; {step}")
    return found
