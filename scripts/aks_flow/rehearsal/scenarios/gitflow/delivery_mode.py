"""Whether workflows deliver by push or by pull: the repository's one variable, and Argo CD's Applications."""

from pathlib import Path

from aks_flow.gitops import argocd, namespace
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.init import init_branch
from aks_flow.rehearsal.scenarios import workspace
from aks_flow.rehearsal.scenarios.push_and_pull import applications
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.target.delivery import DeliveryContext

PUSH, PULL = "push", "pull"


def switch(context: DeliveryContext, hub: Hub, repo: Path, mode: str) -> None:
    """From the next run on workflows deliver by ``mode``. repo: a clone, for its manifests."""
    with context.steps("mode") as step:
        hub.set_variables({"DELIVERY": mode})
        step.note = f"DELIVERY={mode}"
        if mode == PUSH:
            applications.remove(context, *context.config.environments)
            return
        inside = workspace.working_in(context, repo)
        init_branch(open_branch(inside.run, inside.config))
        for name in inside.config.environments:
            namespace.ensure(inside.run, inside.cluster(name), inside.config)
        argocd.apply_applications(inside.run, inside.config)
