"""The pull path: a release branch to its environment, by a commit that Argo CD finds."""

import json
from datetime import datetime
from pathlib import Path

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow import source
from aks_flow.gitops import argocd, namespace
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.init import init_branch
from aks_flow.gitops.deliver import deliver
from aks_flow.gitops.wait.arrival import wait_for_arrival
from aks_flow.image import build
from aks_flow.rehearsal.scenarios import routes, workspace
from aks_flow.rehearsal.scenarios.push_and_pull.measured import MeasuredDelivery, after_the_write, ends
from aks_flow.rehearsal.scenarios.push_and_pull.under_load import app_under_load
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, get


def deliver_release(context: DeliveryContext, repo: Path) -> str:
    """Branch off a release in the clone and deliver it as it is; the branch's name."""
    release = begin_release(context, repo)
    deliver_commit(context, repo)
    return release


def begin_release(context: DeliveryContext, repo: Path) -> str:
    """Branch off a release in the clone, and give Argo CD its objects; the branch's name."""
    inside = workspace.working_in(context, repo)
    run, config = inside.run, inside.config
    environment = routes.pulled_to(config)
    core = source.read(run, repo, config.branches).version
    release = workspace.branch_off(run, config, repo, f"{core.major}.{core.minor}.{core.patch}")
    with context.steps("branch") as step:
        branch = open_branch(run, config)
        step.note = f"{branch.name}, {'made' if init_branch(branch) else 'there'}"
    with context.steps("objects") as step:
        namespace.ensure(run, context.cluster(environment), config)
        step.note = f"{len(argocd.apply_applications(run, config, [environment]))} of Argo CD"
    return release


def deliver_change(context: DeliveryContext, repo: Path, direct: bool = True) -> MeasuredDelivery:
    """Commit a change in the clone and write its version, under load; until Argo CD has synced it.

    direct: see `entrance.opened`.
    """
    earlier_steps = len(context.steps.done)
    with app_under_load(context, routes.pulled_to(context.config), direct) as app:
        app.change(repo)
        image = deliver_commit(context, repo)
    ended = ends(context.steps.done[earlier_steps:])
    own = ("commit", "build", "publish", "write", "ready")
    times = {event: ended[event] for event in own if event in ended}
    return app.measured("pull", image, after_the_write(times | _synced(context)))


def deliver_commit(context: DeliveryContext, repo: Path) -> ImageRef:
    """Deliver the clone's commit, and wait until it has arrived."""
    inside, environment = workspace.working_in(context, repo), routes.pulled_to(context.config)
    built = build.ensure(inside, source.read(inside.run, repo, inside.config.branches))
    deliver(inside, environment, built.image.tag)
    with context.steps("ready") as step:
        step.note = f"commit {wait_for_arrival(inside, environment, '', _unheard).commit[:12]}"
    return built.image


def _unheard(text: str) -> None:
    """The steps say enough of what is waited for."""


def _synced(context: DeliveryContext) -> dict[str, float]:
    """When Argo CD began and ended its sync, to the second: that is how it notes them."""
    cluster = Kubectl.at(context.config.destination, context.config.gitops.namespace)
    name = context.config.environment(routes.pulled_to(context.config)).namespace
    state = json.loads(context.run.run(get.by_name(cluster, "application", name)).stdout)["status"][
        "operationState"
    ]
    moments = {"detect": state["startedAt"], "apply": state["finishedAt"]}
    return {event: datetime.fromisoformat(moment).timestamp() for event, moment in moments.items()}
