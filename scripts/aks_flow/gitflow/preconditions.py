"""What a start or a finish needs: every check passes, or raises an AksFlowError with the next step."""

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import work_tree
from aks_flow.gitflow.flow import UNREADABLE, Flow
from aks_flow.gitflow.version import HOTFIX, Version
from aks_flow.tools.git import branches, merge, unnamed, worktree


def unless_clean(flow: Flow) -> None:
    """The work tree has no changes, and no merge waits in it."""
    where = str(flow.repo)
    if flow.commit("MERGE_HEAD"):
        files = conflicts(flow)
        what = f"a merge waits for {', '.join(files)} to be resolved" if files else "a merge is not committed"
        step = "Resolve and `git commit` it, or cancel it with `git merge --abort`; then run this again."
        raise AksFlowError(what, where=where, next_step=step)
    work_tree.refuse_changes(work_tree.read(flow.run, flow.repo), flow.repo, "Commit or stash them first.")


def unless_elsewhere(flow: Flow, *names: str) -> None:
    """None of the branches is checked out in another work tree, whose files would not move with it."""
    own = flow.run.run(worktree.top(flow.repo)).text.strip()
    for branch, folder in unnamed.parse_elsewhere(
        flow.run.run(unnamed.elsewhere(flow.repo, names)).text
    ).items():
        if folder != own:
            what = f"'{branch}' is already checked out at {folder}"
            step = "Check out something else there, or `git worktree remove` it; then run this again."
            raise AksFlowError(what, where=str(flow.repo), next_step=step)


def conflicts(flow: Flow) -> list[str]:
    return [file for file in flow.run.run(merge.unmerged(flow.repo)).text.split("\0") if file]


def unless_new(flow: Flow, branch: str) -> None:
    """A branch can have the name and none has it, here or at origin."""
    if not branch.isprintable() or flow.run.run(branches.is_valid_name(flow.repo, branch)).code:
        step = "Use letters, digits, `-`, `.` and `/`."
        raise AksFlowError(f"no branch can be named {branch!r}", next_step=step)
    if flow.tip(branch):
        where = "here" if flow.here(branch) else "at origin"
        step = f"`git checkout {branch}` continues it."
        raise AksFlowError(f"the branch {branch} exists {where}", next_step=step)


def unless_unreleased(flow: Flow, version: Version) -> None:
    """The version has no tag, and is above every release."""
    tag, last = flow.names.tag_of(version), flow.last_release()
    if flow.commit(f"refs/tags/{tag}"):
        raise AksFlowError(
            f"the tag {tag} exists", next_step="A release never changes: choose the next version."
        )
    if last and version < last:
        raise AksFlowError(
            f"{version} is below the last release, {last}", next_step="Choose a higher version."
        )


def unless_empty(flow: Flow, branch: str) -> None:
    """The branch has a commit that the last release lacks, or as a hotfix before the first one main.

    The first release may be just what main has.
    """
    last = flow.last_release()
    if last:
        name = flow.names.tag_of(last)
        commit = flow.commit(f"refs/tags/{name}")
    else:
        name = flow.names.main
        commit = flow.tip(name) if flow.names.kind(branch) == HOTFIX else ""
    if commit and flow.contains(commit, flow.tip(branch)):
        step = f"Commit what it is to bring, or remove it (`git branch --delete {branch}`)."
        raise AksFlowError(f"{branch} has no commit that {name} lacks", next_step=step)


def unless_alone(flow: Flow, kind: str) -> None:
    """No other branch of the kind is open: both would be delivered to the same environment in turn."""
    others = flow.branches(kind)
    if others:
        step = f"Finish it with `./inv flow.{kind}.finish`."
        raise AksFlowError(f"{others[0]} is open", next_step=step)


def unless_present(flow: Flow, branch: str) -> None:
    """The branch is there, here or at origin."""
    if UNREADABLE in branch:
        step = "Rename it with `git branch -m`, then run this again."
        raise AksFlowError(f"the name of {branch} is not UTF-8", where=str(flow.repo), next_step=step)
    if not flow.tip(branch):
        step = f"Make it (`git branch {branch} COMMIT`), or name yours in `branches` of invoke.yaml."
        raise AksFlowError(f"there is no branch {branch}", where=str(flow.repo), next_step=step)


def unless_current(flow: Flow, branch: str) -> None:
    """The branch here has all that it has at origin."""
    unless_present(flow, branch)
    here, at_origin = flow.here(branch), flow.at_origin(branch)
    ahead = flow.lacks(here, at_origin) if here and at_origin else 0
    if ahead:
        step = f"Bring it here (`git checkout {branch}`, then `git pull`) and run this again."
        commits = f"{ahead} commit{'s' if ahead > 1 else ''}"
        raise AksFlowError(f"{branch} has moved: origin has {commits} that are not here", next_step=step)
