"""What stands beside the app's own Deployment, and how it is removed."""

from dataclasses import dataclass
from functools import cached_property

from aks_flow.core import wait
from aks_flow.push.fields.applied import configuration
from aks_flow.push.strategy import references, twins
from aks_flow.push.strategy.parts import ManifestParts
from aks_flow.push.strategy.twins import GREEN, TRACK
from aks_flow.rollout.verdict.kinds import replica_set
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.rollout.watch import poll
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import apply, delete, get, output, resources

KINDS = "deployments.apps,services"  # what twins are made of
_MADE_WITHIN = 15  # seconds from a Deployment's change to its ReplicaSet


@dataclass(frozen=True)
class ClusterState:
    """live: the app's Deployment, None before the first delivery. twins: those beside it, by track.

    services, scalers: what refers to it, as it was applied last.
    """

    live: dict | None
    twins: dict[str, dict]
    services: tuple[dict, ...] = ()
    scalers: tuple[dict, ...] = ()

    @cached_property
    def green_serves(self) -> bool:
        """Whether a Service was switched to the green."""
        selectors = [service["spec"].get("selector") or {} for service in self.services]
        return any(selector.get(TRACK) == GREEN for selector in selectors)


def read(
    context: DeliveryContext, environment: str, parts: ManifestParts, present: dict[str, dict] | None = None
) -> ClusterState:
    """What the cluster has of a manifest's parts. present: its twins, if they were read already."""
    own = resources.documents((parts.deployment, *parts.services, *parts.scalers))
    answer = context.run.run(get.of_manifest(context.cluster(environment), own))
    objects = output.objects(answer.text)
    live = next((item for item in objects if item["kind"] == "Deployment"), None)
    others = [configuration(item) for item in objects if item is not live]
    return ClusterState(
        live,
        twins=read_twins(context, environment) if present is None else present,
        services=tuple(item for item in others if item["kind"] == "Service"),
        scalers=tuple(item for item in others if item["kind"] != "Service"),
    )


def read_twins(context: DeliveryContext, environment: str) -> dict[str, dict]:
    """The twins that there are, by track."""
    answer = context.run.run(get.with_label(context.cluster(environment), "deployments.apps", TRACK))
    return {item["metadata"]["labels"][TRACK]: item for item in output.objects(answer.text)}


def remove_twins(context: DeliveryContext, environment: str) -> None:
    """Delete the twins, and the Services beside them."""
    context.run.run(delete.with_label(context.cluster(environment), KINDS, TRACK))


def pull_back(context: DeliveryContext, environment: str, state: ClusterState) -> None:
    """Lead all requests to the app's own pods; then delete the twins.

    First to the revision of the own pods, since a Service finds the twins until they have ended. Not if the
    own pods are of the new version, too: then that revision may not be healthy.
    """
    run, cluster = context.run, context.cluster(environment)
    green = state.twins.get(GREEN)
    if green and state.live and not twins.same_pods(green, state.live):
        hash_ = pod_template_hash(context, environment, state.live)
        run.run(apply.delivered(cluster, resources.documents(back_to_own(state, hash_))))
        remove_twins(context, environment)
    if state.live and (state.services or state.scalers):
        run.run(apply.delivered(cluster, resources.documents(back_to_own(state))))
    remove_twins(context, environment)


def back_to_own(state: ClusterState, hash_: str = "") -> list[dict]:
    """What refers to the app, led to its own Deployment; Services to one revision of its pods, if given."""
    name = state.live["metadata"]["name"]
    services = [
        references.to_revision(service, hash_) if hash_ else references.plain(service)
        for service in state.services
    ]
    return services + [references.retarget(scaler, name) for scaler in state.scalers]


def pod_template_hash(context: DeliveryContext, environment: str, live: dict) -> str:
    """The label's value of a Deployment's current pods: people may have changed it since it was read."""
    run, cluster, name = context.run, context.cluster(environment), live["metadata"]["name"]

    def newest() -> dict | None:
        objects = NamespaceObjects(poll.snapshot(run, cluster, ("Deployment", "ReplicaSet")))
        return replica_set(objects.named("Deployment", name) or live, objects)

    made = wait.until(newest, f"the ReplicaSet of deployment/{name}", _MADE_WITHIN)
    return made["metadata"]["labels"][twins.HASH]
