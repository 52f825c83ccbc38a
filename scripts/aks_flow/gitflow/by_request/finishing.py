"""A finish by pull requests, step by step: what was done, and what waits for others."""

from dataclasses import dataclass

from aks_flow.gitflow import choosing, pushing
from aks_flow.gitflow.by_request import back_merge, hosted, merge_into, tagging, tidy_up
from aks_flow.gitflow.by_request.hosted import Hosted
from aks_flow.gitflow.flow import Flow
from aks_flow.gitflow.names import BACK_MERGE
from aks_flow.gitflow.start import branch_called, final
from aks_flow.gitflow.version import FEATURE, Version


@dataclass(frozen=True)
class FinishProgress:
    """branch: what is being finished. done: nothing is left to do. said: what was done and what waits."""

    branch: str
    done: bool
    said: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.said)


def finish(flow: Flow, kind: str, name: str) -> FinishProgress:
    """name: as for `finish.finish`; also of a branch that was deleted after its merge.

    Once more from the beginning if somebody else, a workflow for one, was quicker with a step.
    """
    try:
        return _finish(flow, kind, name)
    except pushing.Overtaken:
        return _finish(flow, kind, name)


def _finish(flow: Flow, kind: str, name: str) -> FinishProgress:
    origin = hosted.ask(flow)
    branch = branch_called(flow, kind, name) if name else _chosen(origin, kind)
    done = _feature(origin, branch) if kind == FEATURE else _release(origin, branch)
    return FinishProgress(branch, done, tuple(origin.said))


def _chosen(origin: Hosted, kind: str) -> str:
    """The one that is open, or else the one that is merged and not tagged, or not merged back."""
    flow = origin.flow
    named = [branch for branch in flow.branches(kind) if flow.here(branch) or origin.tip(branch)]
    if not named and kind != FEATURE:
        merged = [request.head for request in origin.merged_into(flow.names.main)]
        versions = {head: flow.names.own_version(head) for head in merged if flow.names.kind(head) == kind}
        named = [head for head, version in versions.items() if version and _is_half_way(origin, version)]
    return choosing.choose(flow, kind, "", named)


def _is_half_way(origin: Hosted, version: Version) -> bool:
    tag = origin.flow.names.tag_of(version)
    return not origin.has_tag(tag) or bool(origin.tip(f"{BACK_MERGE}/{tag}"))


def _feature(origin: Hosted, branch: str) -> bool:
    """True if it is merged."""
    if not merge_into.commit(origin, branch, origin.flow.names.develop):
        return False
    tidy_up.remove(origin, branch)
    origin.said.append(f"{branch} finished")
    return True


def _release(origin: Hosted, branch: str) -> bool:
    """True if it is merged, tagged and merged back."""
    names = origin.flow.names
    tag = names.tag_of(final(origin.flow, names.short(branch)))
    commit = tagging.tagged(origin, branch, tag) or merge_into.commit(origin, branch, names.main)
    if not commit:
        return False
    if not origin.has_tag(tag):
        tagging.tag(origin, branch, tag, commit)
    if not back_merge.is_done(origin, branch, tag, commit):
        return False
    tidy_up.remove(origin, branch, f"{BACK_MERGE}/{tag}")
    origin.said.append(f"{branch} finished, released as {tag}")
    return True
