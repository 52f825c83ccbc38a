"""How far the deletion of a namespace has come, as its conditions say it. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.controllers.conditions import condition
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind


@dataclass(frozen=True)
class Remaining:
    """An object that is still there."""

    kind: Kind
    item: dict

    @property
    def finalizers(self) -> list[str]:
        return self.item["metadata"].get("finalizers") or []


def report(remaining: Sequence[Remaining]) -> list[dict]:
    """The five conditions of a namespace that is being deleted; True means that something is in the way."""
    discovered = "All resources successfully discovered"
    parsed = "All legacy kube types successfully parsed"
    deleted = "All content successfully deleted, may be waiting on finalization"
    return [
        condition("NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered", discovered),
        condition("NamespaceDeletionGroupVersionParsingFailure", "False", "ParsedGroupVersions", parsed),
        condition("NamespaceDeletionContentFailure", "False", "ContentDeleted", deleted),
        _content_remaining(remaining),
        _finalizers_remaining(remaining),
    ]


def _content_remaining(remaining: Sequence[Remaining]) -> dict:
    if not remaining:
        message = "All content successfully removed"
        return condition("NamespaceContentRemaining", "False", "ContentRemoved", message)
    counts = Counter(f"{item.kind.plural}.{item.kind.group}" for item in remaining)
    listed = [f"{resource} has {count} resource instances" for resource, count in sorted(counts.items())]
    message = f"Some resources are remaining: {', '.join(listed)}"
    return condition("NamespaceContentRemaining", "True", "SomeResourcesRemain", message)


def _finalizers_remaining(remaining: Sequence[Remaining]) -> dict:
    counts = Counter(name for item in remaining for name in item.finalizers)
    if not counts:
        message = "All content-preserving finalizers finished"
        return condition("NamespaceFinalizersRemaining", "False", "ContentHasNoFinalizers", message)
    listed = [f"{name} in {count} resource instances" for name, count in sorted(counts.items())]
    message = f"Some content in the namespace has finalizers remaining: {', '.join(listed)}"
    return condition("NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain", message)
