"""Is a namespace Argo CD's? It would take a push back, so that is refused with the Application's name."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from aks_flow.push.obstacles import refuse
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import ANY, Kubectl, get, output

_TRACKING = "argocd.argoproj.io/tracking-id"  # APPLICATION:group/Kind:namespace/name, on all that it manages
_KIND, _NAMESPACE = "applications.argoproj.io", "the namespace"
_PULL = "`./inv gitops.deliver {}` delivers there; to push again, remove it from {} without what it manages"
_ONCE = "let one environment alone deliver what the whole cluster has"


def obstacles(context: DeliveryContext, environment: str, live: Iterable[dict]) -> tuple[str, ...]:
    """A sentence for each Application that manages some of what the cluster has; none that is gone counts.

    Nothing where whoever delivers may not read Applications.
    """
    return tuple(
        f"{application} of Argo CD manages {what}, and would take a push back: "
        + (_PULL.format(environment, cluster.namespace) if what == _NAMESPACE else _ONCE)
        for application, cluster, what in _named(context, environment, live)
        if context.run.run(replace(get.existing(cluster, application), ok=ANY)).text.strip()
    )


def refuse_undo(context: DeliveryContext, environment: str, manifest: str) -> None:
    """AksFlowError if an Application manages what a revision has."""
    answer = context.run.run(get.of_manifest(context.cluster(environment), manifest))
    refuse(environment, obstacles(context, environment, output.objects(answer.text)))


def _named(
    context: DeliveryContext, environment: str, live: Iterable[dict]
) -> Iterator[tuple[str, Kubectl, str]]:
    """Applications as kubectl names them, where, and what they manage; NAMESPACE_NAME is elsewhere."""
    marks = {}
    for item in sorted(live, key=lambda item: "namespace" in item["metadata"]):
        data, what = item["metadata"], f"{item['kind']}/{item['metadata']['name']}"
        if mark := (data.get("annotations") or {}).get(_TRACKING, "").partition(":")[0]:
            marks[mark] = _NAMESPACE if "namespace" in data else what
    for mark, what in sorted(marks.items()):
        namespace, _, name = mark.rpartition("_")
        place = namespace or context.config.gitops.namespace
        yield f"{_KIND}/{name}", replace(context.cluster(environment), namespace=place), what
