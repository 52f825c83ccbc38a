"""Which branch a commit is on, also where git itself names none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.runner import Runner
from aks_flow.gitflow.names import Names
from aks_flow.tools.git import refs

_MERGE_PREVIEW = re.compile(r"refs/pull/\d+/merge")
_BRANCH = "refs/heads/"
_ORDER = ("develop", "release", "hotfix", "main", "feature", "")


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
    """Any commit's place: the branch that ends there, else one that contains it, develop before others."""
    for what, command in (("ends", refs.branches_at), ("goes through", refs.branches_with)):
        branches = refs.parse_branches(run.run(command(repo, commit)).text)
        if branches:
            branch = min(branches, key=lambda branch: (_ORDER.index(names.kind(branch)), branch))
            return CommitPlace(commit, branch, f"the branch {what} there")
    return CommitPlace(commit, "", "no branch contains it")
