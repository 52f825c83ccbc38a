"""Which branch a finish is about, and the command that finishes it."""

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.flow import Flow
from aks_flow.gitflow.start import branch_called
from aks_flow.gitflow.version import FEATURE


def choose(flow: Flow, kind: str, name: str, open_branches: list[str]) -> str:
    """The branch that is meant; AksFlowError if there is none, or if it could be several."""
    current = flow.current()
    if not name and current in open_branches:
        return current
    named = branch_called(flow, kind, name) if name else ""
    candidates = [branch for branch in open_branches if named in ("", branch)]
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        what = f"there is no branch {named}" if named else f"no {kind} is open"
        raise AksFlowError(what, next_step="`./inv flow.status` shows the branches that are open.")
    option = "--name" if kind == FEATURE else "--version"
    raise AksFlowError(
        f"{len(candidates)} {kind}s are open: {', '.join(candidates)}", next_step=f"Choose with {option}."
    )


def command(flow: Flow, branch: str) -> str:
    """What finishes the branch, as a person types it."""
    kind = flow.names.kind(branch)
    option = "name" if kind == FEATURE else "version"
    return f"`./inv flow.{kind}.finish --{option} {flow.names.short(branch)}`"


def again(flow: Flow, branch: str) -> str:
    return f"Correct what it says, then run {command(flow, branch)} again."


def by_request(flow: Flow, branch: str) -> str:
    """The same by pull requests."""
    return f"{command(flow, branch).removesuffix('`')} --pr`"
