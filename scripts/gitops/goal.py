"""What is waited for: a commit of the branch and the pin that it holds."""

from scripts.errors import AksFlowError
from scripts.gitops.branch import Branch
from scripts.gitops.lineage import Goal
from scripts.gitops.past import standing
from scripts.tools import plumbing


def read(branch: Branch, environment: str, revision: str = "") -> Goal:
    """``revision``, by default the newest commit that changed what the environment runs."""
    tip = branch.tip()
    if not revision:
        now = standing(branch, tip, environment)
        return Goal(environment, now.written.commit, now.image)
    commit = branch.run.run(plumbing.resolve(branch.repo, revision)).text.strip()
    if not commit or branch.run.run(plumbing.is_ancestor(branch.repo, commit, tip.commit)).code:
        step = "Give the hash of one of its commits, or leave it out for the newest."
        raise AksFlowError(f"{revision!r} is no commit of the branch", where=branch.name, next_step=step)
    image = branch.state(branch.at(commit), environment).image
    if not image:
        raise AksFlowError(f"{environment} has no version at {revision}", where=branch.name)
    return Goal(environment, commit, image)
