"""Finishing a branch. Each step looks whether it is done: after a conflict the same command goes on."""

from dataclasses import dataclass

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import preconditions
from aks_flow.gitflow.flow import ORIGIN, Flow
from aks_flow.gitflow.start import final, update
from aks_flow.gitflow.version import FEATURE
from aks_flow.tools.git import branches, merge, reason, refs, remotes, worktree


@dataclass(frozen=True)
class Finished:
    """branch: it is gone. tag: "" for a feature. push: what brings it to origin; pushed: whether it ran."""

    branch: str
    tag: str
    push: str
    pushed: bool

    def __str__(self) -> str:
        released = f", released as {self.tag}" if self.tag else ""
        return f"{self.branch} finished{released}" + ("" if self.pushed else f"; not pushed: `{self.push}`")


def finish(flow: Flow, kind: str, name: str = "", push: bool = False) -> Finished:
    """name: default the branch checked out, or the only one of its kind. AksFlowError if it cannot."""
    preconditions.unless_clean(flow)
    update(flow)
    branch = _chosen(flow, kind, name)
    targets = [flow.names.develop] if kind == FEATURE else [flow.names.main, flow.names.develop]
    for target in (branch, *targets):
        preconditions.unless_current(flow, target)
    _track(flow, targets)
    tag = "" if kind == FEATURE else _release(flow, branch)
    _merge(flow, f"refs/tags/{tag}" if tag else flow.tip(branch), tag or branch, flow.names.develop, branch)
    command = remotes.push(flow.repo, ORIGIN, *targets, *([tag] if tag else []), *_gone(flow, branch))
    if push:
        with flow.steps("push") as step:
            flow.change(command, f"{branch} is merged here, and not pushed", _again(flow, branch))
            step.note = f"to {ORIGIN}"
    _remove(flow, branch)
    return Finished(branch, tag, str(command), push)


def _chosen(flow: Flow, kind: str, name: str) -> str:
    """The branch that is meant; AksFlowError if there is none, or if it could be several."""
    open_branches, current = flow.branches(kind), flow.current()
    if not name and current in open_branches:
        return current
    named = flow.names.branch(kind, name if kind == FEATURE else str(final(flow, name))) if name else ""
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


def _track(flow: Flow, targets: list[str]) -> None:
    """A clone begins with one branch; the others that are needed are made from origin's."""
    for branch in targets:
        if not flow.here(branch):
            step = "Correct what it says, then run this again."
            flow.change(branches.track(flow.repo, ORIGIN, branch), f"{branch} cannot be made here", step)


def _release(flow: Flow, branch: str) -> str:
    """Merge into main and tag it; the tag."""
    version = final(flow, branch.removeprefix(getattr(flow.names, flow.names.kind(branch))))
    tag, tip, main = flow.names.tag_of(version), flow.tip(branch), flow.names.main
    present = flow.commit(f"refs/tags/{tag}")
    if present and not flow.contains(present, tip):
        step = f"A release never changes: start the next one, or remove {branch} if it is out of date."
        raise AksFlowError(f"the tag {tag} exists and lacks commits of {branch}", next_step=step)
    if not present:
        _merge(flow, tip, branch, main, branch)
    with flow.steps("tag") as step:
        step.note = f"unchanged: {tag} is there" if present else f"{tag} on {main}"
        if not present:
            command = refs.create_tag(flow.repo, tag, main, f"Release {version}")
            flow.change(command, f"{tag} cannot be made", _again(flow, branch))
    return tag


def _merge(flow: Flow, commit: str, name: str, target: str, branch: str) -> None:
    """Merge a commit, called ``name``, into a branch that does not have it yet, and check that one out."""
    with flow.steps("merge") as step:
        if flow.commit(commit) and flow.contains(flow.tip(target), commit):
            step.note = f"unchanged: {target} has {name}"
            return
        step.note = f"{name} into {target}"
        command = worktree.checkout(flow.repo, target)
        flow.change(command, f"{target} cannot be checked out", _again(flow, branch))
        answer = flow.run.run(merge.merge(flow.repo, commit, f"Merge {name} into {target}"))
        if answer.code:
            raise _stopped(flow, step.note, branch, answer)


def _stopped(flow: Flow, what: str, branch: str, answer: Result) -> AksFlowError:
    """A conflict, or git's own words; either way the person decides and the command goes on."""
    files = preconditions.conflicts(flow)
    why = f"conflicts in {', '.join(files)}" if files else reason(answer)
    step = _again(flow, branch)
    if flow.commit("MERGE_HEAD"):
        first = "Resolve, `git add`" if files else "Correct what it says"
        then = f"then run {_command(flow, branch)} again"
        step = f"{first} and `git commit`, {then}; `git merge --abort` cancels the merge."
    return AksFlowError(f"merging {what}: {why}", next_step=step)


def _again(flow: Flow, branch: str) -> str:
    return f"Correct what it says, then run {_command(flow, branch)} again."


def _command(flow: Flow, branch: str) -> str:
    kind = flow.names.kind(branch)
    name = branch.removeprefix(getattr(flow.names, kind))
    return f"`./inv flow.{kind}.finish --{'name' if kind == FEATURE else 'version'} {name}`"


def _gone(flow: Flow, branch: str) -> list[str]:
    return [f":{branch}"] if flow.at_origin(branch) else []


def _remove(flow: Flow, branch: str) -> None:
    """Its commits are all in develop by now; if it is checked out, develop is checked out instead."""
    if flow.current() == branch:
        command = worktree.checkout(flow.repo, flow.names.develop)
        flow.change(command, f"{flow.names.develop} cannot be checked out", _again(flow, branch))
    if flow.here(branch):
        flow.change(branches.remove(flow.repo, branch), f"{branch} cannot be removed", _again(flow, branch))
