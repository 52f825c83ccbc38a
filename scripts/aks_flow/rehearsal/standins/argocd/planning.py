"""The order of a sync, and what it may take away. Pure."""

from dataclasses import dataclass
from itertools import groupby

from aks_flow.rehearsal.standins.argocd import names, object_refs
from aks_flow.rehearsal.standins.argocd.comparing import Managed

# What others need comes first; kinds that are not named here come last.
_ORDER = (
    *("Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodDisruptionBudget", "ServiceAccount"),
    *("Secret", "ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim"),
    *("CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Service"),
    *("DaemonSet", "Pod", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job"),
    *("CronJob", "Ingress"),
)
_PLACE = {kind: place for place, kind in enumerate(_ORDER)}
NO_PRUNE = "Prune=false"


@dataclass(frozen=True)
class Removal:
    """An object that git no longer has; ``kept``: why it stays nevertheless, "" if it goes."""

    live: dict
    kept: str = ""


def wave(item: dict) -> int:
    """0 for an object without the annotation, or with one that is no number."""
    try:
        return int(object_refs.annotation(item, names.SYNC_WAVE) or 0)
    except ValueError:
        return 0


def waves(targets: list[dict]) -> list[list[dict]]:
    """What is applied together, in order."""
    ordered = sorted(targets, key=_place)
    return [list(together) for _, together in groupby(ordered, key=wave)]


def _place(item: dict) -> tuple:
    return wave(item), _PLACE.get(item["kind"], len(_ORDER)), item["kind"], item["metadata"]["name"]


def removals(managed: list[Managed], prune: bool) -> list[Removal]:
    """The last applied first."""
    gone = sorted((item.live for item in managed if item.prunes), key=_place, reverse=True)
    return [Removal(live, _kept(live, prune)) for live in gone]


def _kept(live: dict, prune: bool) -> str:
    if NO_PRUNE in object_refs.options(live, names.SYNC_OPTIONS):
        return "ignored (no prune)"
    return "" if prune else "ignored (requires pruning)"


def chosen(managed: list[Managed], resources: list[dict]) -> list[Managed]:
    """What an operation is about: the resources it names, or all if it names none."""
    selected = {object_refs.of_fields(fields) for fields in resources}
    return [item for item in managed if not selected or item.ref in selected]
