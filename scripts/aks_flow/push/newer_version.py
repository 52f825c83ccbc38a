"""Is what runs newer than what is about to replace it? Two pushes may run in the wrong order."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from aks_flow.gitflow.supersede import Delivered, superseding
from aks_flow.push.plan import PushPlan
from aks_flow.push.strategy import cluster_state
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import get, kinds, output

COMMIT, VERSION = "aks-flow/commit", "aks-flow/version"  # annotations of the app's own workload


def find_newer(context: DeliveryContext, environment: str, mine: Delivered, current: PushPlan | None) -> str:
    """The newer version of ``mine``'s own line that runs, or stands beside what runs; "" if none does.

    current: the plan, if nobody has delivered since it was made: it knows what runs, and that nothing stands
    beside that.
    """
    deployments = _own(context, current.basis.live) if current else _read(context, environment)
    run, repo = context.run, context.config.root
    versions = (superseding(run, repo, mine, running(deployment)) for deployment in deployments)
    return next((version for version in versions if version), "")


def _own(context: DeliveryContext, live: Iterable[dict]) -> list[dict]:
    return [item for item in live if kinds.is_own(item, context.config.app.name)]


def _read(context: DeliveryContext, environment: str) -> list[dict]:
    resources = ",".join(map(kinds.resource, kinds.OWN))
    own = get.find(context.cluster(environment), resources, context.config.app.name)
    with ThreadPoolExecutor() as pool:
        beside = pool.submit(cluster_state.read_twins, context, environment)
        return [*output.objects(context.run.run(own).text), *beside.result().values()]


def marks(delivered: Delivered) -> dict[str, str]:
    """The annotations that a delivery leaves on the app's own workload."""
    return {COMMIT: delivered.commit, VERSION: delivered.version}


def marks_of(deployment: dict) -> dict[str, str]:
    """The marks that a Deployment has, for another one to have them too."""
    annotations = deployment["metadata"].get("annotations") or {}
    return {key: annotations[key] for key in (COMMIT, VERSION) if key in annotations}


def running(deployment: dict) -> Delivered | None:
    """What a delivery left there, its commit "" if the image was of none; None if none left its marks."""
    annotations = deployment.get("metadata", {}).get("annotations") or {}
    return Delivered(annotations.get(COMMIT, ""), annotations[VERSION]) if VERSION in annotations else None
