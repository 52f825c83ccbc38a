"""The pull half: a release branch to staging, by a commit that Argo CD finds."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow import source
from aks_flow.gitops import argocd, deliver
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.init import init_branch
from aks_flow.gitops.wait.arrival import wait_for_arrival
from aks_flow.image import build
from aks_flow.rehearsal.scenarios.push_and_pull import workspace
from aks_flow.rehearsal.scenarios.push_and_pull.half import Half, ends
from aks_flow.rehearsal.scenarios.push_and_pull.traffic import alone, traffic
from aks_flow.rollout import app_version, redis_password
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl

ENVIRONMENT = "staging"


def at(context: DeliveryContext, repo: Path) -> DeliveryContext:
    """The same context, working in the clone: the target keeps its meaning."""
    config = context.config
    return replace(context, config=replace(config, root=repo, targets={config.target: config.destination}))


def first(context: DeliveryContext, repo: Path) -> str:
    """Branch off a release, deliver it as it is; the URL where it answers."""
    core = source.read(context.run, repo).version
    release = f"release/{core.major}.{core.minor}.{core.patch}"
    workspace.branch_off(context.run, repo, Path(context.config.destination.repository), release)
    with context.steps("branch") as step:
        branch = open_branch(context.run, context.config)
        step.note = f"{branch.name}, {'made' if init_branch(branch) else 'there'}"
    with context.steps("objects") as step:
        redis_password.ensure(context.run, context.cluster(ENVIRONMENT), context.config.vault)
        step.note = f"{len(argocd.apply(context.run, context.config, [ENVIRONMENT]))} of Argo CD"
    _deliver(context, repo)
    return app_version.url(context.run, context.cluster(ENVIRONMENT), context.config.app.name)


def change(context: DeliveryContext, repo: Path, url: str) -> Half:
    """Commit a change, publish it and write its version; wait until Argo CD has brought it."""
    begun = len(context.steps.done)
    with traffic(context.config, url) as tally:
        with context.steps("commit") as step:
            step.note = workspace.change(context.run, context.config, repo)
        image = _deliver(context, repo)
    seen, ended = tally(), ends(context.steps.done[begun:])
    times = {
        event: ended[event] for event in ("commit", "build", "publish", "write", "ready") if event in ended
    }
    times |= _synced(context) | {"serve": alone(seen, image.tag)}
    return Half("pull", ENVIRONMENT, image, url, seen["sent"], seen["failed"], times)


def _deliver(context: DeliveryContext, repo: Path) -> ImageRef:
    built = build.ensure(context, source.read(context.run, repo))
    deliver.deliver(context, ENVIRONMENT, built.image.tag)
    with context.steps("ready") as step:
        step.note = f"commit {wait_for_arrival(context, ENVIRONMENT, '', _unheard).commit[:12]}"
    with context.steps("served") as step:
        told = app_version.wait_for(
            context.run, context.cluster(ENVIRONMENT), context.config.app.name, built.image
        )
        step.note = f"{told['version']} from {told['pod']}"
    return built.image


def _unheard(text: str) -> None:
    """The steps say enough of what is waited for."""


def _synced(context: DeliveryContext) -> dict[str, float]:
    """When Argo CD began and ended its sync, to the second: that is how it notes them."""
    cluster = Kubectl.at(context.config.destination, context.config.gitops.namespace)
    name = context.config.environment(ENVIRONMENT).namespace
    state = json.loads(context.run.run(cluster.get("application", name)).stdout)["status"]["operationState"]
    moments = {"detect": state["startedAt"], "apply": state["finishedAt"]}
    return {event: datetime.fromisoformat(moment).timestamp() for event, moment in moments.items()}
