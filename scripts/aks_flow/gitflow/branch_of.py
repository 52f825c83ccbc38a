"""Which branch a commit is on, also where git itself names none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow import ancestry
from aks_flow.gitflow.names import Names
from aks_flow.gitflow.version import DEVELOP, FEATURE, HOTFIX, MAIN, RELEASE
from aks_flow.tools.git import ancestors, refs

_MERGE_PREVIEW = re.compile(r"refs/pull/\d+/merge")
_BRANCH = "refs/heads/"
_BRANCH_PREFIX = re.compile("^((refs/)?(heads|remotes/origin)/|origin/)")
_ORDER = (DEVELOP, RELEASE, HOTFIX, MAIN, FEATURE, "")


@dataclass(frozen=True)
class CommitPlace:
    """The branch that a commit is on.

    counted: the commit that the version is of. branch: "" if no branch has it. why: who says so.
    """

    counted: str
    branch: str
    why: str


def place_of_head(
    run: Runner, repo: Path, names: Names, commit: str, branch: str, variables: Mapping[str, str]
) -> CommitPlace:
    """HEAD's place. branch: as git says, "" if detached; then a workflow's ``GITHUB_*`` variables speak."""
    if branch:
        return CommitPlace(commit, branch, "it is checked out")
    if variables.get("GITHUB_SHA") == commit:
        reference = variables.get("GITHUB_REF", "")
        if _MERGE_PREVIEW.fullmatch(reference):
            why = f"GITHUB_HEAD_REF, to be merged into {variables.get('GITHUB_BASE_REF', '')}"
            return CommitPlace(f"{commit}^2", variables.get("GITHUB_HEAD_REF", ""), why)
        if reference.startswith(_BRANCH):
            return CommitPlace(commit, reference.removeprefix(_BRANCH), "GITHUB_REF")
    return place_of_commit(run, repo, names, commit)


def place_of_commit(run: Runner, repo: Path, names: Names, commit: str) -> CommitPlace:
    """Any commit's place: the branch that ends there, else one on whose own line it is.

    Of several develop's goes first. A commit that came by a merge is of no branch any more, though branches
    contain it.
    """
    branches = refs.parse_branch_tips(run.run(refs.branch_tips(repo)).text)
    ordered = sorted(branches, key=lambda branch: (_ORDER.index(names.kind(branch)), branch))
    for branch in ordered:
        if commit in branches[branch]:
            return CommitPlace(commit, branch, "the branch ends there")
    containing = refs.parse_branches(run.run(refs.branches_with(repo, commit)).text)
    for branch in (branch for branch in ordered if branch in containing):
        line = run.run(ancestors.first_parents(repo, *branches[branch])).text.split()
        if commit in line:
            return CommitPlace(commit, branch, "the branch goes through there")
    return CommitPlace(commit, "", "it came by a merge" if containing else "no branch contains it")


def find(run: Runner, repo: Path, name: str) -> tuple[str, str]:
    """The commit that a name means, and the branch if it is one's ("" if not).

    AksFlowError if it means none, or if a branch and a tag have the name: each may be another commit.
    """
    branches = refs.parse_branch_tips(run.run(refs.branch_tips(repo)).text)
    branch = _BRANCH_PREFIX.sub("", name, count=1)
    if name in branches and ancestry.knows(run, repo, f"refs/tags/{name}"):
        step = f"Write heads/{name} or tags/{name}."
        raise AksFlowError(f"a branch and a tag are called {name}", where=str(repo), next_step=step)
    at_origin = f"refs/remotes/origin/{name}" if name in branches else name
    for known in dict.fromkeys((name, at_origin)):
        if commit := ancestry.commit_of(run, repo, known):
            return commit, branch if commit in branches.get(branch, ()) else ""
    step = "Name a commit, a branch or a tag that is here."
    raise AksFlowError(f"{name!r} is no commit", where=str(repo), next_step=step)
