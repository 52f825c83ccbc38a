"""What is waited for: a commit of the branch, the pin that it holds, and the workloads that it renders to."""

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.branch.history import standing
from aks_flow.gitops.folder.render import NotRendered, rendered
from aks_flow.gitops.wait.lineage import Goal
from aks_flow.manifests import render, sync_waves
from aks_flow.rollout.verdict import goal as rollouts
from aks_flow.tools.git import objects


def read(branch: Branch, environment: str, revision: str = "") -> Goal:
    """``revision``, by default the newest commit that changed what the environment runs."""
    tip = branch.tip()
    if not revision:
        now = standing(branch, tip, environment)
        return Goal(environment, now.written.commit, now.image)
    commit = branch.run.run(objects.resolve(branch.repo, revision)).text.strip()
    if not commit or branch.run.run(objects.is_ancestor(branch.repo, commit, tip.commit)).code:
        step = "Give the hash of one of its commits, or leave it out for the newest."
        raise AksFlowError(f"{revision!r} is no commit of the branch", where=branch.name, next_step=step)
    image = branch.state(branch.at(commit), environment).image
    if not image:
        step = f"Give a later commit; `./inv gitops.deliver {environment}` writes a version."
        raise AksFlowError(f"{environment} has no version at {revision}", where=branch.name, next_step=step)
    return Goal(environment, commit, image)


def workloads(branch: Branch, goal: Goal, namespace: str) -> rollouts.RolloutGoal:
    """What must be well once the commit is there; AksFlowError if it does not render."""
    tree = branch.state(branch.at(goal.commit), goal.environment).tree
    try:
        documents = render.documents(rendered(branch, tree, goal.environment))
    except NotRendered as error:
        what = f"the manifests of {goal.environment} do not render:\n    {error.said}\n"
        step = f"Correct them in the app's manifests, then `./inv gitops.deliver {goal.environment}`."
        raise AksFlowError(
            what, where=f"commit {goal.commit[:12]} of {branch.name}", next_step=step
        ) from error
    delivered = [one.object for wave in sync_waves.order(documents).waves for one in wave.documents]
    return rollouts.standing_goal(namespace, delivered)
