"""Is a namespace Argo CD's? It would take a push back, so that is refused with the Application's name."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from aks_flow.push.obstacles import refuse
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import ANY, Kubectl, get, output

_TRACKING = "argocd.argoproj.io/tracking-id"  # APPLICATION:group/Kind:namespace/name, on all that it manages
_KIND = "applications.argoproj.io"


def obstacles(context: DeliveryContext, environment: str, live: Iterable[dict]) -> tuple[str, ...]:
    """A sentence for each Application that manages some of what the cluster has; none that is gone counts.

    Nothing where whoever delivers may not read Applications.
    """
    return tuple(
        f"{application} of Argo CD manages the namespace, and would take a push back: "
        f"`./inv gitops.deliver {environment}` delivers there; to push from now on, remove it from "
        f"{cluster.namespace} without what it manages"
        for application, cluster in _named(context, environment, live)
        if context.run.run(replace(get.existing(cluster, application), ok=ANY)).text.strip()
    )


def refuse_undo(context: DeliveryContext, environment: str, manifest: str) -> None:
    """AksFlowError if an Application manages what a revision has."""
    answer = context.run.run(get.of_manifest(context.cluster(environment), manifest))
    refuse(environment, obstacles(context, environment, output.objects(answer.text)))


def _named(context: DeliveryContext, environment: str, live: Iterable[dict]) -> Iterator[tuple[str, Kubectl]]:
    """Applications as kubectl names them, and where; NAMESPACE_NAME is one outside of Argo CD's namespace."""
    annotations = (item["metadata"].get("annotations") or {} for item in live)
    marks = {there[_TRACKING].partition(":")[0] for there in annotations if _TRACKING in there}
    for mark in sorted(marks):
        namespace, _, name = mark.rpartition("_")
        place = namespace or context.config.gitops.namespace
        yield f"{_KIND}/{name}", replace(context.cluster(environment), namespace=place)
