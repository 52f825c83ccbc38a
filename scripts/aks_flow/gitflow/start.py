"""Starting a branch: a feature or a release where develop is, a hotfix where main is."""

from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import preconditions, pushing
from aks_flow.gitflow.flow import ORIGIN, Flow
from aks_flow.gitflow.version import FEATURE, HOTFIX, Version
from aks_flow.tools.git import branches, remotes


@dataclass(frozen=True)
class Started:
    """branch: it is checked out now. base: what it was started from. commit: where. pushed: to origin."""

    branch: str
    base: str
    commit: str
    pushed: bool

    def __str__(self) -> str:
        pushed = ", and pushed to origin" if self.pushed else ""
        return f"{self.branch} started from {self.base} at {self.commit[:12]}{pushed}"


def start(flow: Flow, kind: str, name: str, push: bool = False) -> Started:
    """kind: feature, release or hotfix; name: the feature's, or X.Y.Z. AksFlowError if something hinders."""
    base = flow.names.main if kind == HOTFIX else flow.names.develop
    branch = branch_called(flow, kind, name)
    preconditions.unless_clean(flow)
    update(flow)
    preconditions.unless_new(flow, branch)
    if kind != FEATURE:
        preconditions.unless_unreleased(flow, final(flow, name))
        preconditions.unless_alone(flow, kind)
    preconditions.unless_current(flow, base)
    commit = flow.tip(base)
    if push:
        pushing.push(flow, [f"{commit}:refs/heads/{branch}"], "Correct what it says, then run this again.")
    step = (
        f"Correct what it says; `git branch --list {branch}` shows whether the branch was made all the same."
    )
    flow.change(branches.create(flow.repo, branch, commit), f"{branch} cannot be started", step)
    return Started(branch, base, commit, push)


def branch_called(flow: Flow, kind: str, name: str) -> str:
    """name: a feature's, or X.Y.Z."""
    return flow.names.branch(kind, name if kind == FEATURE else str(final(flow, name)))


def final(flow: Flow, text: str) -> Version:
    """X.Y.Z, with or without the tag's prefix; AksFlowError for anything else."""
    version = Version.parse(text.removeprefix(flow.names.tag))
    if version.prerelease:
        raise AksFlowError(f"{version} is no final version", next_step="Use X.Y.Z.")
    return version


def update(flow: Flow) -> None:
    """Ask origin what it has. If it cannot be reached, what it had counts: a push will notice the rest."""
    if flow.remote():
        with flow.steps("fetch") as step:
            code = flow.run.run(remotes.fetch(flow.repo, ORIGIN)).code
            step.note = "origin did not answer: what is known of it from before is used" if code else ""
