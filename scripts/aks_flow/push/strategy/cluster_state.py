"""What stands beside the app's own Deployment, and how it goes again."""

from dataclasses import dataclass
from functools import cached_property

from aks_flow.core.runner import Runner
from aks_flow.push.strategy import services as pointers
from aks_flow.push.strategy import twins
from aks_flow.push.strategy.parts import Parts, manifest
from aks_flow.push.strategy.twins import GREEN, TRACK
from aks_flow.rollout.verdict.objects import Objects
from aks_flow.rollout.watch import poll
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import kubectl
from aks_flow.tools.kubectl import Kubectl

KINDS = "deployments.apps,services"  # what twins are made of


@dataclass(frozen=True)
class Stage:
    """live: the app's Deployment, None before the first delivery. twins: those beside it, by track.

    pointers: the Services and autoscalers that lead to its pods, as they were applied last.
    """

    live: dict | None
    twins: dict[str, dict]
    pointers: tuple[dict, ...] = ()

    @cached_property
    def green_serves(self) -> bool:
        """Whether a Service was switched to the green."""
        selectors = [one["spec"].get("selector") or {} for one in self.pointers if one["kind"] == "Service"]
        return any(selector.get(TRACK) == GREEN for selector in selectors)


def look(
    context: DeliveryContext, environment: str, parts: Parts, there: dict[str, dict] | None = None
) -> Stage:
    """``there``: the twins, if they are known already."""
    run, cluster = context.run, context.cluster(environment)
    own = manifest((parts.deployment, *parts.services, *parts.scalers))
    found = kubectl.parse_objects(run.run(cluster.get_manifest(own)).text)
    live = next((one for one in found if one["kind"] == "Deployment"), None)
    leading = tuple(twins.applied(one) for one in found if one is not live)
    return Stage(live, staged(run, cluster) if there is None else there, leading)


def staged(run: Runner, cluster: Kubectl) -> dict[str, dict]:
    """The twins that there are, by track."""
    found = kubectl.parse_objects(run.run(cluster.with_label("deployments.apps", TRACK)).text)
    return {one["metadata"]["labels"][TRACK]: one for one in found}


def remove(run: Runner, cluster: Kubectl) -> None:
    """The twins go, and the Services beside them."""
    run.run(cluster.delete_with_label(KINDS, TRACK))


def pull_back(context: DeliveryContext, environment: str, stage: Stage) -> None:
    """All requests to the app's own pods; then the twins go.

    The own pods' revision is named first: a Service would find the twins for as long as they end. Not if the
    own pods are new, too: then that revision may not be well.
    """
    run, cluster = context.run, context.cluster(environment)
    green = stage.twins.get(GREEN)
    if green and stage.live and not twins.same_pods(twins.applied(green), twins.applied(stage.live)):
        run.run(cluster.apply(manifest(home(stage, revision(run, cluster, stage.live)))))
        remove(run, cluster)
    if stage.live and stage.pointers:
        run.run(cluster.apply(manifest(home(stage))))
    remove(run, cluster)


def home(stage: Stage, hash_: str = "") -> list[dict]:
    """The pointers to the app's own Deployment; Services to one revision of its pods, if that is given."""
    name = stage.live["metadata"]["name"]
    services = [one for one in stage.pointers if one["kind"] == "Service"]
    scalers = [pointers.retarget(one, name) for one in stage.pointers if one["kind"] != "Service"]
    own = [pointers.to_revision(one, hash_) if hash_ else pointers.plain(one) for one in services]
    return own + scalers


def revision(run: Runner, cluster: Kubectl, live: dict) -> str:
    """The pod-template-hash of a Deployment's current pods."""
    seen = Objects(poll.snapshot(run, cluster, ("ReplicaSet",)))
    key = "deployment.kubernetes.io/revision"
    current = live["metadata"].get("annotations", {}).get(key)
    owned = seen.owned("ReplicaSet", live["metadata"]["uid"])
    found = next(one for one in owned if one["metadata"].get("annotations", {}).get(key) == current)
    return found["metadata"]["labels"][twins.HASH]
