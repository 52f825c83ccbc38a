"""What is left of a finished branch, here and at origin."""

from dataclasses import replace

from aks_flow.gitflow import choosing, preconditions
from aks_flow.gitflow.by_request.hosted import Hosted
from aks_flow.gitflow.flow import ORIGIN
from aks_flow.tools.git import ANY, branches, merge, reason, remotes, unnamed, worktree


def remove(origin: Hosted, branch: str, *more: str) -> None:
    """Remove the branch here, and all of them at origin; what origin keeps is said."""
    flow = origin.flow
    if flow.here(branch):
        _leave(origin, branch)
        flow.change(
            branches.remove(flow.repo, branch), f"{branch} cannot be removed", choosing.again(flow, branch)
        )
    for name in (flow.names.main, flow.names.develop):
        _forward(origin, name)
    for name in (branch, *more):
        if origin.tip(name):
            removal = remotes.push(flow.repo, ORIGIN, gone={name: origin.tip(name)})
            answer = flow.run.run(replace(removal, ok=ANY))
            if answer.code:
                origin.said.append(f"{ORIGIN} keeps {name}: {reason(answer)}")


def _leave(origin: Hosted, branch: str) -> None:
    """Check out develop, if the branch is checked out."""
    flow, develop = origin.flow, origin.flow.names.develop
    if flow.current() != branch:
        return
    preconditions.unless_clean(flow)
    again = choosing.again(flow, branch)
    if not flow.here(develop):
        flow.change(branches.track(flow.repo, ORIGIN, develop), f"{develop} cannot be made here", again)
    flow.change(worktree.checkout(flow.repo, develop), f"{develop} cannot be checked out", again)


def _forward(origin: Hosted, branch: str) -> None:
    """Bring a branch here to where it is at origin, unless it has commits of its own or stands elsewhere."""
    flow = origin.flow
    here, there = flow.here(branch), flow.at_origin(branch)
    if not here or here == there or not flow.contains(there, here):
        return
    why = f"{branch} cannot be brought here"
    if flow.current() == branch:
        preconditions.unless_clean(flow)
        flow.change(merge.forward(flow.repo, there), why, "`git pull` brings it.")
    elif not unnamed.parse_elsewhere(flow.run.run(unnamed.elsewhere(flow.repo, [branch])).text):
        moves = [(f"refs/heads/{branch}", there, here)]
        flow.change(
            unnamed.update_together(flow.repo, moves, "as origin has it"), why, "`git pull` brings it."
        )
