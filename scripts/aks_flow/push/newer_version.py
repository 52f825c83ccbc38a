"""Is what runs newer than what is about to replace it? Two pushes may run in the wrong order."""

from aks_flow.gitflow.supersede import Delivered, superseding
from aks_flow.push.strategy import cluster_state
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import get, output

COMMIT, VERSION = "aks-flow/commit", "aks-flow/version"  # annotations of the app's Deployment


def find_newer(context: DeliveryContext, environment: str, mine: Delivered) -> str:
    """The newer version of ``mine``'s own line that runs, or stands beside what runs; "" if none does."""
    run, cluster, app = context.run, context.cluster(environment), context.config.app.name
    deployments = output.objects(run.run(get.find(cluster, "deployment.apps", app)).text)
    deployments += cluster_state.read_twins(context, environment).values()
    repo = context.config.root
    versions = (superseding(run, repo, mine, running(deployment)) for deployment in deployments)
    return next((version for version in versions if version), "")


def marks(delivered: Delivered) -> dict[str, str]:
    """The annotations that a delivery leaves on the app's Deployment."""
    return {COMMIT: delivered.commit, VERSION: delivered.version}


def marks_of(deployment: dict) -> dict[str, str]:
    """The marks that a Deployment has, for another one to have them too."""
    annotations = deployment["metadata"].get("annotations") or {}
    return {key: annotations[key] for key in (COMMIT, VERSION) if key in annotations}


def running(deployment: dict) -> Delivered | None:
    """What a delivery left there, its commit "" if the image was of none; None if none left its marks."""
    annotations = deployment.get("metadata", {}).get("annotations") or {}
    return Delivered(annotations.get(COMMIT, ""), annotations[VERSION]) if VERSION in annotations else None
