"""A branch's way into another one by a pull request, and the commit that its merge made."""

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import choosing, preconditions, pushing, releases
from aks_flow.gitflow.by_request import text
from aks_flow.gitflow.by_request.hosted import Hosted
from aks_flow.gitflow.flow import ORIGIN
from aks_flow.tools.gh import pull_requests
from aks_flow.tools.gh.pull_requests import PullRequest


def commit(origin: Hosted, branch: str, base: str) -> str:
    """What the merge made of base; "" if that is still to come: a request is open then, and said."""
    known = origin.between(branch, base)
    waiting = pull_requests.waiting(known)
    merged = next((request for request in known if request.merged), None)
    if merged and not waiting and origin.is_in(branch, [merged.tip]):
        return _proven(origin, merged)
    if not origin.last(branch):
        what = f"{branch} is neither here nor at {ORIGIN}, and no pull request of it into {base} was merged"
        raise AksFlowError(what, next_step="`./inv flow.status` shows the branches that are open.")
    if origin.is_in(branch, [origin.flow.at_origin(base)]):
        return _merged_without_request(origin, branch, base)
    _push(origin, branch)
    origin.wait_for(waiting or _propose(origin, branch, base), branch, base)
    return ""


def _proven(origin: Hosted, merged: PullRequest) -> str:
    """AksFlowError if base has lost the merge."""
    if not origin.flow.contains(origin.flow.at_origin(merged.base), merged.merged):
        what = f"{merged.address} was merged as {merged.merged[:12]}, which {merged.base} does not have"
        raise AksFlowError(
            what, next_step=f"Somebody has moved {merged.base} back: bring the merge there again."
        )
    return merged.merged


def _merged_without_request(origin: Hosted, branch: str, base: str) -> str:
    """A feature's own end; a release is where main's own messages say so.

    AksFlowError if a release has no commit of its own, or if no message says so: GitHub proposes neither.
    """
    if base == origin.flow.names.develop:
        origin.said.append(f"{base} has all of {branch}: there is nothing to propose")
        return origin.last(branch)
    known = releases.read(origin.flow.run, origin.flow.repo, origin.flow.names).final
    release = known.get(origin.flow.names.own_version(branch))
    if not release:
        preconditions.unless_empty(origin.flow, branch)
        what = f"{base} has {branch}, and neither a pull request nor a message says by which commit"
        step = f"Say which by a tag of your own: `git tag -a TAG COMMIT`, `git push {ORIGIN} TAG`."
        raise AksFlowError(what, next_step=step)
    return release.commit


def _push(origin: Hosted, branch: str) -> None:
    """Bring to origin what is here only."""
    here = origin.flow.here(branch)
    if here and here != origin.tip(branch):
        preconditions.unless_current(origin.flow, branch)
        pushing.push(origin.flow, [f"{here}:refs/heads/{branch}"], choosing.again(origin.flow, branch))


def _propose(origin: Hosted, branch: str, base: str) -> str:
    title = text.title(origin.flow, branch, base)
    return origin.open(branch, base, title, text.body(origin.flow, branch, origin.last(branch), base))
