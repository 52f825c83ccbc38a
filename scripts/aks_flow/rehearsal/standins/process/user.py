"""Users of this machine, as a person calls them."""

import pwd
from pathlib import Path

from aks_flow.core.errors import AksFlowError


def name(number: int) -> str:
    """The user's name; their number where they have none, as in a container."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def started_by_another(state: Path, owner: int) -> AksFlowError:
    """A clone's rehearsal is another user's, as after sudo."""
    step = f"Run the command as {name(owner)}, or have {name(owner)} remove it by ./inv rehearsal.down."
    return AksFlowError(f"{name(owner)} has started this rehearsal", where=str(state), next_step=step)
