"""Finishing a branch: merges and tag are prepared, pushed if that is asked for, and only then moved to here.

Each step looks whether it is done: after a conflict the same command goes on. A refused push changes nothing.
"""

from dataclasses import dataclass

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import choosing, preconditions, pushing
from aks_flow.gitflow.choosing import again
from aks_flow.gitflow.flow import ORIGIN, Flow
from aks_flow.gitflow.preparing import PreparedRefs
from aks_flow.gitflow.start import final, update
from aks_flow.gitflow.version import FEATURE
from aks_flow.tools.git import branches, merge, reason, remote_refs, remotes, worktree


@dataclass(frozen=True)
class Finished:
    """branch: it is gone. tag: "" for a feature.

    push: what brings it to origin, "" where there is none. pushed: whether it ran.
    """

    branch: str
    tag: str
    push: str
    pushed: bool

    def __str__(self) -> str:
        released = f", released as {self.tag}" if self.tag else ""
        left = f"; not pushed: `{self.push}`" if self.push and not self.pushed else ""
        return f"{self.branch} finished{released}{left}"


def finish(flow: Flow, kind: str, name: str = "", push: bool = False) -> Finished:
    """name: default the branch checked out, or the only one of its kind. AksFlowError if it cannot."""
    preconditions.unless_clean(flow)
    update(flow)
    branch = choosing.choose(flow, kind, name, flow.branches(kind))
    targets = [flow.names.develop] if kind == FEATURE else [flow.names.main, flow.names.develop]
    for target in (branch, *targets):
        preconditions.unless_current(flow, target)
    preconditions.unless_elsewhere(flow, branch, *targets)
    made = PreparedRefs(flow, branch)
    tag = "" if kind == FEATURE else _release(flow, made, branch)
    source = (
        (made.tip(flow.names.main) if tag in made.tags else flow.commit(f"refs/tags/{tag}")) if tag else ""
    )
    _merge(flow, made, source or flow.tip(branch), tag or branch, flow.names.develop)
    gone = _gone(flow, branch)
    command = remotes.push(flow.repo, ORIGIN, *targets, *([tag] if tag else []), gone=gone)
    _move(flow, made, branch, targets, gone if push else None)
    _remove(flow, branch)
    return Finished(branch, tag, str(command) if flow.remote() else "", push)


def _release(flow: Flow, made: PreparedRefs, branch: str) -> str:
    """Merge into main and tag it; the tag."""
    version = final(flow, flow.names.short(branch))
    tag, tip, main = flow.names.tag_of(version), flow.tip(branch), flow.names.main
    present = flow.commit(f"refs/tags/{tag}")
    if present and not flow.contains(present, tip):
        step = f"A release never changes: start the next one, or remove {branch} if it is out of date."
        raise AksFlowError(f"the tag {tag} exists and lacks commits of {branch}", next_step=step)
    if not present:
        preconditions.unless_empty(flow, branch)
        _merge(flow, made, tip, branch, main)
    with flow.steps("tag") as step:
        step.note = f"unchanged: {tag} is there" if present else f"{tag} on {main}"
        if not present:
            made.tag(tag, main, f"Release {version}")
    return tag


def _merge(flow: Flow, made: PreparedRefs, commit: str, name: str, target: str) -> None:
    """Merge a commit, called ``name``, into a branch that does not have it yet."""
    with flow.steps("merge") as step:
        if flow.contains(made.tip(target), commit):
            step.note = f"unchanged: {target} has {name}"
            return
        step.note = f"{name} into {target}"
        if not made.merge(commit, target, f"Merge {name} into {target}"):
            _merge_by_hand(flow, made, commit, name, target)


def _merge_by_hand(flow: Flow, made: PreparedRefs, commit: str, name: str, target: str) -> None:
    """Leave the merge in the work tree, for a person to resolve: AksFlowError that says so."""
    made.keep()
    _track(flow, [target])
    command = worktree.checkout(flow.repo, target)
    flow.change(command, f"{target} cannot be checked out", again(flow, made.name))
    answer = flow.run.run(merge.merge(flow.repo, commit, f"Merge {name} into {target}"))
    if answer.code:
        raise _stopped(flow, f"{name} into {target}", made.name, answer)


def _stopped(flow: Flow, what: str, branch: str, answer: Result) -> AksFlowError:
    """A conflict, or git's own words; either way the person decides and the command goes on."""
    files = preconditions.conflicts(flow)
    why = f"conflicts in {', '.join(files)}" if files else reason(answer)
    step = again(flow, branch)
    if flow.commit("MERGE_HEAD"):
        first = "Resolve, `git add`" if files else "Correct what it says"
        then = f"then run {choosing.command(flow, branch)} again"
        step = f"{first} and `git commit`, {then}; `git merge --abort` cancels the merge."
    return AksFlowError(f"merging {what}: {why}", next_step=step)


def _move(
    flow: Flow, made: PreparedRefs, branch: str, targets: list[str], gone: dict[str, str] | None
) -> None:
    """Push, if asked; then move all branches and make the tag here. After a refusal it is as before.

    gone: what a push removes; None: nothing is pushed.
    """
    before, develop = flow.current() or flow.commit("HEAD"), flow.names.develop
    leave = worktree.detach(flow.repo, made.tip(develop))
    flow.change(leave, f"{develop} cannot be checked out", again(flow, branch))
    if gone is not None:
        origin = {target: made.tip(target) for target in targets}
        try:
            by_request = f"Finish it by a pull request: add --pr to {choosing.command(flow, branch)}."
            pushing.push(flow, _references(origin, made), again(flow, branch), by_request, gone)
        except AksFlowError:
            flow.change(worktree.checkout(flow.repo, before), f"{before} cannot be checked out again", "")
            raise
    _track(flow, targets)
    made.take_over()
    flow.change(
        worktree.checkout(flow.repo, develop), f"{develop} cannot be checked out", again(flow, branch)
    )


def _references(origin: dict[str, str], made: PreparedRefs) -> list[str]:
    """What a push brings: branches that were merged here before, and are not pushed yet, too."""
    made.tips |= origin
    return made.references()


def _track(flow: Flow, targets: list[str]) -> None:
    """A clone begins with one branch; the others that are needed are made from origin's."""
    for branch in targets:
        if not flow.here(branch):
            step = "Correct what it says, then run this again."
            flow.change(branches.track(flow.repo, ORIGIN, branch), f"{branch} cannot be made here", step)


def _gone(flow: Flow, branch: str) -> dict[str, str]:
    """The branch at origin, with its last commit that is known here: what came after it must stay."""
    seen = flow.at_origin(branch)
    answer = flow.run.run(remote_refs.ls_remote(flow.repo, ORIGIN, branch)) if seen else None
    is_there = answer and (answer.code or remote_refs.parse_ls_remote(answer.text))
    return {branch: seen} if is_there else {}


def _remove(flow: Flow, branch: str) -> None:
    """Its commits are all in develop by now."""
    if flow.here(branch):
        flow.change(branches.remove(flow.repo, branch), f"{branch} cannot be removed", again(flow, branch))
