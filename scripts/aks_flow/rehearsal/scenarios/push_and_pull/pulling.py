"""The pull half: a release branch to staging, by a commit that Argo CD finds."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow import source
from aks_flow.gitops import argocd, deliver
from aks_flow.gitops.branch import init
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.wait import arrival
from aks_flow.image import build
from aks_flow.rehearsal.scenarios.push_and_pull import workspace
from aks_flow.rehearsal.scenarios.push_and_pull.half import Half, ends
from aks_flow.rehearsal.scenarios.push_and_pull.traffic import alone, traffic
from aks_flow.rollout import app_version, redis_password
from aks_flow.target.delivery import Delivery
from aks_flow.tools.kubectl import Kubectl

ENVIRONMENT = "staging"


def at(hands: Delivery, repo: Path) -> Delivery:
    """The same hands, working in the clone: the target keeps its meaning."""
    config = hands.config
    return replace(hands, config=replace(config, root=repo, targets={config.target: config.destination}))


def first(hands: Delivery, repo: Path) -> str:
    """Branch off a release, deliver it as it is; the URL where it answers."""
    core = source.read(hands.run, repo).version
    release = f"release/{core.major}.{core.minor}.{core.patch}"
    workspace.branch_off(hands.run, repo, Path(hands.config.destination.repository), release)
    with hands.steps("branch") as step:
        branch = open_branch(hands.run, hands.config)
        step.note = f"{branch.name}, {'made' if init.init(branch) else 'there'}"
    with hands.steps("objects") as step:
        redis_password.ensure(hands.run, hands.cluster(ENVIRONMENT), hands.config.vault)
        step.note = f"{len(argocd.apply(hands.run, hands.config, [ENVIRONMENT]))} of Argo CD"
    _deliver(hands, repo)
    return app_version.url(hands.run, hands.cluster(ENVIRONMENT), hands.config.app.name)


def change(hands: Delivery, repo: Path, url: str) -> Half:
    """Commit a change, publish it and write its version; wait until Argo CD has brought it."""
    begun = len(hands.steps.done)
    with traffic(hands.config, url) as tally:
        with hands.steps("commit") as step:
            step.note = workspace.change(hands.run, hands.config, repo)
        image = _deliver(hands, repo)
    seen, ended = tally(), ends(hands.steps.done[begun:])
    times = {
        event: ended[event] for event in ("commit", "build", "publish", "write", "ready") if event in ended
    }
    times |= _synced(hands) | {"serve": alone(seen, image.tag)}
    return Half("pull", ENVIRONMENT, image, url, seen["sent"], seen["failed"], times)


def _deliver(hands: Delivery, repo: Path) -> ImageRef:
    built = build.ensure(hands, source.read(hands.run, repo))
    deliver.deliver(hands, ENVIRONMENT, built.image.tag)
    with hands.steps("ready") as step:
        step.note = f"commit {arrival.arrive(hands, ENVIRONMENT, '', _unheard).commit[:12]}"
    with hands.steps("served") as step:
        told = app_version.served(hands.run, hands.cluster(ENVIRONMENT), hands.config.app.name, built.image)
        step.note = f"{told['version']} from {told['pod']}"
    return built.image


def _unheard(text: str) -> None:
    """The steps say enough of what is waited for."""


def _synced(hands: Delivery) -> dict[str, float]:
    """When Argo CD began and ended its sync, to the second: that is how it notes them."""
    target, gitops = hands.config.destination, hands.config.gitops
    cluster = Kubectl(target.kubeconfig, target.context, gitops.namespace)
    name = hands.config.environment(ENVIRONMENT).namespace
    state = json.loads(hands.run.run(cluster.get("application", name)).stdout)["status"]["operationState"]
    moments = {"detect": state["startedAt"], "apply": state["finishedAt"]}
    return {event: datetime.fromisoformat(moment).timestamp() for event, moment in moments.items()}
