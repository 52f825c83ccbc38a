"""A pull request was merged: what its branch asks for next, as a finish by pull requests does it."""

from aks_flow.gitflow.by_request import finishing
from aks_flow.gitflow.by_request.finishing import FinishProgress
from aks_flow.gitflow.flow import Flow
from aks_flow.gitflow.names import BACK_MERGE
from aks_flow.gitflow.version import FEATURE, HOTFIX, RELEASE


def go_on(flow: Flow, branch: str) -> FinishProgress:
    """branch: a feature, a release, a hotfix, or one that brings a tag back; of any other nothing is done."""
    kind, name = _of(flow, branch)
    if not kind:
        return FinishProgress(branch, True, (f"{branch} is none of GitFlow's: nothing to finish",))
    return finishing.finish(flow, kind, name)


def tag_of(flow: Flow, branch: str) -> str:
    """The tag of the release that the branch is of, "" if it is of none."""
    kind, name = _of(flow, branch)
    return f"{flow.names.tag}{name}" if kind in (RELEASE, HOTFIX) else ""


def _of(flow: Flow, branch: str) -> tuple[str, str]:
    """The kind and the name that `finish` takes."""
    names = flow.names
    if branch.startswith(f"{BACK_MERGE}/"):
        version = names.tagged_version(branch.removeprefix(f"{BACK_MERGE}/"))
        return (HOTFIX if version.core[2] else RELEASE, str(version)) if version else ("", "")
    kind = names.kind(branch)
    return (kind, names.short(branch)) if kind in (FEATURE, RELEASE, HOTFIX) else ("", "")
