"""The tag of a release that main got by a pull request."""

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import choosing, pushing
from aks_flow.gitflow.by_request.hosted import Hosted
from aks_flow.gitflow.preparing import make_tag
from aks_flow.tools.git import unnamed


def tagged(origin: Hosted, branch: str, tag: str) -> str:
    """The commit of origin's tag, or ""; AksFlowError if the branch has come further since."""
    if not origin.has_tag(tag):
        return ""
    commit = origin.flow.commit(f"refs/tags/{tag}")
    merged = [request.tip for request in origin.between(branch, origin.flow.names.main) if request.merged]
    if not origin.is_in(branch, [commit, *merged]):
        step = f"A release never changes: start the next one, or remove {branch} if it is out of date."
        raise AksFlowError(f"the tag {tag} exists and lacks commits of {branch}", next_step=step)
    return commit


def tag(origin: Hosted, branch: str, tag: str, commit: str) -> None:
    """Push a tag, and only then have it here."""
    flow, present = origin.flow, origin.flow.commit(f"refs/tags/{tag}")
    if present and present != commit:
        what = f"the tag {tag} is here, at {present[:12]}, and the release is {commit[:12]}"
        raise AksFlowError(what, next_step=f"Remove it (`git tag --delete {tag}`), then run this again.")
    message = f"Release {tag.removeprefix(flow.names.tag)}"
    made = f"refs/tags/{tag}" if present else make_tag(flow, tag, commit, message)
    pushing.push(flow, [f"{made}:refs/tags/{tag}"], choosing.again(flow, branch))
    if not present:
        here = unnamed.update_together(flow.repo, [(f"refs/tags/{tag}", made, "")], message)
        flow.change(here, f"{tag} cannot be made here", "`git fetch --tags` brings it.")
    origin.said.append(f"{commit[:12]} is tagged {tag}")
