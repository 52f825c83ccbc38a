"""What a stored revision may do when it is applied again.

Whoever may write Secrets in the namespace may write a revision. So going back changes the namespace alone:
what is of the whole cluster is left as it is, and is delivered from git.
"""

from collections.abc import Iterable

from aks_flow.manifests import render
from aks_flow.manifests.checks.kinds import CLUSTER_SCOPED, is_of_the_cluster
from aks_flow.manifests.sync_waves import together
from aks_flow.push.history.revision import Revision

_OF_THE_CLUSTER = {
    f"{kind.lower()}.{group}" if group else kind.lower()
    for group, kinds in CLUSTER_SCOPED.items()
    for kind in kinds
}


def check(revision: Revision, namespace: str) -> None:
    """AksFlowError if the revision has an object of another namespace, or is damaged."""
    every = [*revision.objects.values(), *revision.replaced]
    other = {item["metadata"].get("namespace") or namespace for item in every} - {namespace}
    if other:
        raise revision.unusable(f"it has objects for namespace {', '.join(sorted(other))}")


def of_the_namespace(revision: Revision) -> str:
    """The revision's manifest without what is of the whole cluster."""
    documents = list(render.documents(revision.manifest))
    inside = [document for document in documents if not is_of_the_cluster(document.object)]
    return revision.manifest if len(inside) == len(documents) else together(inside)


def left_alone(revision: Revision, namespace: str) -> list[str]:
    """What of the revision is of the whole cluster, but for its own Namespace."""
    outside = [name for name, item in revision.objects.items() if is_of_the_cluster(item)]
    return sorted(set(outside) - {f"namespace/{namespace}"})


def inside(items: Iterable[dict]) -> list[dict]:
    """The objects that are not of the whole cluster."""
    return [item for item in items if not is_of_the_cluster(item)]


def names_inside(names: Iterable[str]) -> list[str]:
    """Of objects as `kubectl get --output=name` calls them those that are not of the whole cluster."""
    return [name for name in names if name.partition("/")[0] not in _OF_THE_CLUSTER]
