"""Blue and green: the new version whole, beside the old one, and all requests switched at once.

Blue is the app's own Deployment. It stays as it is, so that `push.reject` is back at once, until
`push.promote` brings it to the new version too and green goes.
"""

from functools import partial

from aks_flow.core.errors import AksFlowError
from aks_flow.push import newer_version
from aks_flow.push.plan import Plan
from aks_flow.push.strategy import cluster_state, twins
from aks_flow.push.strategy import services as pointers
from aks_flow.push.strategy.cluster_state import Stage
from aks_flow.push.strategy.parts import Parts, manifest
from aks_flow.push.strategy.twins import GREEN
from aks_flow.push.verify import ask
from aks_flow.push.wait_healthy import settle
from aks_flow.rollout.verdict import goal
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import kubectl


def check(environment: str, parts: Parts, stage: Stage, going_on: bool) -> None:
    """AksFlowError if a green serves: blue is kept until somebody decides.

    going_on: unless that green is this very version.
    """
    if stage.green_serves and not (going_on and is_green(parts, stage)):
        what = f"a version serves {environment} from its green, and waits; nothing was changed"
        step = f"`./inv push.promote --env {environment}` or `./inv push.reject --env {environment}` first."
        raise AksFlowError(what, next_step=step)


def is_green(parts: Parts, stage: Stage) -> bool:
    """Whether the green that there is has the very pods that are wanted."""
    there = stage.twins.get(GREEN)
    return bool(there) and twins.same_pods(twins.applied(there), parts.deployment)


def hold_blue(context: DeliveryContext, plan: Plan, stage: Stage) -> None:
    """The Services as they are, for the pods that they find now alone: green's will have the same labels.

    BadVerdict if blue is not well: then these are not the pods to hold on to.
    """
    run, cluster = context.run, context.cluster(plan.environment)
    with context.steps("blue") as step:
        blue = goal.standing(plan.namespace, [stage.live])
        settle(context, plan, blue, partial(context.steps.progress, step))
        services = [one for one in stage.pointers if one["kind"] == "Service"]
        if services:
            hash_ = cluster_state.revision(run, cluster, stage.live)
            run.run(cluster.apply(manifest(pointers.to_revision(one, hash_) for one in services)))
        step.note = "holds the Services' requests"


def bring(context: DeliveryContext, plan: Plan, parts: Parts, stage: Stage) -> None:
    """Green whole and well, asked before anybody else reaches it; then the Services switch to it."""
    run, cluster, app = context.run, context.cluster(plan.environment), context.config.app.name
    replicas = parts.replicas(stage.live)
    with context.steps("green") as step:
        green = twins.twin(parts.deployment, GREEN, replicas, **newer_version.kept(parts.deployment))
        objects = [green, *(pointers.beside(one, GREEN) for one in parts.services)]
        stored = kubectl.parse_objects(run.run(cluster.apply_and_show(manifest(objects))).text)
        settle(context, plan, goal.applied(plan.namespace, stored), partial(context.steps.progress, step))
        step.note = f"{replicas} pods of the new version"
    if parts.has_service(app):
        ask(context, plan, twins.name(app, GREEN))
    with context.steps("switch"):
        run.run(cluster.apply(manifest(switched(parts))))


def switched(parts: Parts) -> list[dict]:
    """What leads to the app's pods, leading to green's."""
    name = twins.name(parts.deployment["metadata"]["name"], GREEN)
    services = [pointers.to_track(one, GREEN) for one in parts.services]
    return [*services, *(pointers.retarget(one, name) for one in parts.scalers)]
