"""Blue and green: the new version whole, beside the old one, and all requests switched at once.

Blue is the app's own Deployment. It stays as it is, so that `push.reject` can go back at once, until
`push.promote` rolls it out to the new version, too, and deletes green.
"""

from functools import partial

from aks_flow.core.errors import AksFlowError
from aks_flow.push import newer_version
from aks_flow.push.apply import apply_and_wait
from aks_flow.push.plan import PushPlan
from aks_flow.push.strategy import cluster_state, references, twins
from aks_flow.push.strategy.cluster_state import ClusterState
from aks_flow.push.strategy.parts import ManifestParts
from aks_flow.push.strategy.twins import GREEN
from aks_flow.push.verify import verify_service
from aks_flow.push.wait_healthy import wait_healthy
from aks_flow.rollout.verdict.goal import standing_goal
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import apply, resources


def check(environment: str, parts: ManifestParts, state: ClusterState, going_on: bool) -> None:
    """AksFlowError if a green serves: blue is kept until somebody promotes or rejects it.

    going_on: whether a green of this very version is allowed.
    """
    if state.green_serves and not (going_on and is_green(parts, state)):
        what = f"a version serves {environment} from its green, and waits; nothing was changed"
        step = f"`./inv push.promote --env {environment}` or `./inv push.reject --env {environment}` first."
        raise AksFlowError(what, next_step=step)


def is_green(parts: ManifestParts, state: ClusterState) -> bool:
    """Whether there is a green whose pods are the manifest's."""
    green = state.twins.get(GREEN)
    return bool(green) and twins.runs_pods_of(green, parts.deployment)


def hold_blue(context: DeliveryContext, plan: PushPlan, state: ClusterState) -> None:
    """Pin the Services to the pods that they find now, since green's will have the same labels.

    BadVerdict if blue is not healthy.
    """
    with context.steps("blue") as step:
        blue = standing_goal(plan.namespace, [state.live])
        wait_healthy(context, plan.environment, blue, partial(context.steps.progress, step))
        if state.services:
            hash_ = cluster_state.pod_template_hash(context, plan.environment, state.live)
            pinned = resources.documents(references.to_revision(service, hash_) for service in state.services)
            context.run.run(apply.delivered(context.cluster(plan.environment), pinned))
        step.note = "holds the Services' requests"


def start_green(context: DeliveryContext, plan: PushPlan, parts: ManifestParts, state: ClusterState) -> None:
    """Start the new version beside the old one, and verify it; no request reaches it yet.

    BadVerdict if it is not healthy.
    """
    replicas, service = parts.replicas(state.live), plan.contract.service
    with context.steps("green") as step:
        green = twins.twin(parts.deployment, GREEN, replicas, **newer_version.marks_of(parts.deployment))
        objects = [green, *(references.beside(service, GREEN) for service in parts.services)]
        apply_and_wait(context, plan, resources.documents(objects), partial(context.steps.progress, step))
        step.note = f"{replicas} pods of the new version"
    if parts.has_service(service):
        verify_service(context, plan, twins.name(service, GREEN))


def switch_to_green(context: DeliveryContext, plan: PushPlan, parts: ManifestParts) -> None:
    """Lead all requests to green."""
    with context.steps("switch"):
        context.run.run(
            apply.delivered(context.cluster(plan.environment), resources.documents(switched(parts)))
        )


def switched(parts: ManifestParts) -> list[dict]:
    """What refers to the app, for its green."""
    name = twins.name(parts.deployment["metadata"]["name"], GREEN)
    services = [references.to_track(service, GREEN) for service in parts.services]
    return services + [references.retarget(scaler, name) for scaler in parts.scalers]
