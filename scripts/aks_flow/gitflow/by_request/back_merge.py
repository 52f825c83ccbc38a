"""A release's way back into develop: a branch of its own at the tag, and its pull request."""

from aks_flow.gitflow import choosing, pushing
from aks_flow.gitflow.by_request import text
from aks_flow.gitflow.by_request.hosted import Hosted
from aks_flow.gitflow.names import BACK_MERGE
from aks_flow.tools.gh import pull_requests


def is_done(origin: Hosted, branch: str, tag: str, commit: str) -> bool:
    """Whether develop has the tagged commit; if not, a request is open by now, and said."""
    develop, head = origin.flow.names.develop, f"{BACK_MERGE}/{tag}"
    if origin.flow.contains(origin.flow.at_origin(develop), commit):
        return True
    known = origin.between(head, develop)
    waiting = pull_requests.waiting(known)
    if not waiting and any(request.merged for request in known):
        origin.said.append(
            f"{develop} has what {tag} brings, and not its commit: the merge back was no merge commit"
        )
        return True
    origin.wait_for(waiting or _propose(origin, branch, tag, commit), branch, develop)
    return False


def _propose(origin: Hosted, branch: str, tag: str, commit: str) -> str:
    """A conflict is said, and left to a person."""
    flow, develop, head = origin.flow, origin.flow.names.develop, f"{BACK_MERGE}/{tag}"
    clash = text.conflicts(flow, flow.at_origin(develop), commit)
    if clash:
        how = "the pull request says how to resolve it"
        origin.said.append(f"{tag} conflicts with {develop} in {', '.join(clash)}: {how}")
    if not origin.tip(head):
        pushing.push(flow, [f"{commit}:refs/heads/{head}"], choosing.again(flow, branch))
    return origin.open(head, develop, f"Merge {tag} into {develop}", text.back_merge(flow, head, tag, clash))
