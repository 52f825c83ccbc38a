"""What is waited for: a commit of the branch, the pin that it holds, and the workloads that it renders to."""

from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow import ancestry
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.branch.history import current
from aks_flow.gitops.folder.render import NotRendered, rendered
from aks_flow.manifests import render, sync_waves
from aks_flow.rollout.verdict.goal import RolloutGoal, standing_goal
from aks_flow.tools.git import ancestors


@dataclass(frozen=True)
class AwaitedCommit:
    """A commit of the branch, and the pin that it holds for an environment."""

    environment: str
    commit: str
    image: ImageRef


def read(branch: Branch, environment: str, revision: str) -> AwaitedCommit:
    """``revision``, by default the newest commit that changed what the environment runs.

    AksFlowError if it is no commit of the branch, or if the environment has no version there.
    """
    tip = branch.tip()
    if not revision:
        now = current(branch, tip, environment)
        return AwaitedCommit(environment, now.written.commit, now.image)
    commit = ancestry.commit_of(branch.run, branch.repo, revision)
    if not commit or branch.run.run(ancestors.is_ancestor(branch.repo, commit, tip.commit)).code:
        step = "Give the hash of one of its commits, or leave it out for the newest."
        raise AksFlowError(f"{revision!r} is no commit of the branch", where=branch.name, next_step=step)
    image = branch.state(branch.tip_at(commit), environment).image
    if not image:
        step = f"Give a later commit; `./inv gitops.deliver {environment}` writes a version."
        raise AksFlowError(f"{environment} has no version at {revision}", where=branch.name, next_step=step)
    return AwaitedCommit(environment, commit, image)


def goal_of(branch: Branch, awaited: AwaitedCommit, namespace: str) -> RolloutGoal:
    """The workloads that must be well once the commit is synced; AksFlowError if it does not render."""
    tree = branch.state(branch.tip_at(awaited.commit), awaited.environment).tree
    try:
        documents = render.documents(rendered(branch, tree, awaited.environment))
    except NotRendered as error:
        what = f"the manifests of {awaited.environment} do not render:\n    {error.words}\n"
        step = f"Correct them in the app's manifests, then `./inv gitops.deliver {awaited.environment}`."
        raise AksFlowError(
            what, where=f"commit {awaited.commit[:12]} of {branch.name}", next_step=step
        ) from error
    waves = sync_waves.order(documents).waves
    return standing_goal(namespace, [document.object for wave in waves for document in wave.documents])
