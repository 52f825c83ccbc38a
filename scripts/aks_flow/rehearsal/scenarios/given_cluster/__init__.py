"""`rehearse --context`: the story of both paths on a cluster and a registry that are given.

It needs no stand-in, and no route to a pod's address: requests go through the cluster's API. Its namespaces,
Argo CD's objects and the branch are its own, and removed at the end.
"""

from collections.abc import Callable

from aks_flow.rehearsal.scenarios import routes
from aks_flow.rehearsal.scenarios.given_cluster import argocd_there, namespaces, own_clone
from aks_flow.rehearsal.scenarios.given_cluster.settings import TARGET, GivenCluster, read
from aks_flow.rehearsal.scenarios.push_and_pull import both_paths, pull_path, summary
from aks_flow.rehearsal.scenarios.push_and_pull.measured import MeasuredDelivery
from aks_flow.rehearsal.scenarios.push_and_pull.summary import RehearsalSummary
from aks_flow.rehearsal.show import pods
from aks_flow.rehearsal.standins.identity import identity
from aks_flow.target.delivery import DeliveryContext

__all__ = ["TARGET", "GivenCluster", "play", "read"]
Tell = Callable[[str], None]
_NONE = "the cluster has no Argo CD (./inv argocd.install)"
_IDLE = "no Argo CD looks at its Applications"
_UNKNOWN = "it is not known which repository Argo CD reads (targets.cluster.repository, or the remote origin)"


def play(given: GivenCluster, context: DeliveryContext, announce: Tell) -> RehearsalSummary:
    """Both paths, or one if no Argo CD works there. announce: hears the title of each part before it begins.

    context: one that reaches the given cluster.
    """
    config = context.config
    names = dict.fromkeys((routes.pushed_to(config), routes.pulled_to(config)))
    own = [config.environment(name).namespace for name in names]
    with namespaces.made(context, identity(config), own), pods.watched(context):
        repo = own_clone.make(context, given.renaming)
        deliveries = [both_paths.push_half(context, repo, announce, direct=False)]
        lacking, pulled = _pull_half(given, context, announce)
        deliveries += pulled
        delivered = dict.fromkeys(delivery.environment for delivery in deliveries)
        left = [pod for name in delivered for pod in summary.read_pods(context, name)]
        return RehearsalSummary(left, deliveries, context.steps.done, lacking)


def _pull_half(
    given: GivenCluster, context: DeliveryContext, announce: Tell
) -> tuple[str, list[MeasuredDelivery]]:
    """(why it is not played, or "", the delivery of the change)."""
    if not argocd_there.is_installed(context):
        return _NONE, []
    if not context.config.destination.repository:
        return _UNKNOWN, []
    repo, environment = own_clone.folder(context), routes.pulled_to(context.config)
    announce(both_paths.pull_title(context.config))
    with argocd_there.objects_removed(context, environment, given.renaming.project):
        pull_path.begin_release(context, repo)
        if not argocd_there.looks_at(context, environment):
            return _IDLE, []
        pull_path.deliver_commit(context, repo)
        announce(both_paths.PULL_CHANGE)
        return "", [pull_path.deliver_change(context, repo, direct=False)]
