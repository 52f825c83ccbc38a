"""How far the deletion of a namespace has come, as its conditions say it. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

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
        _condition("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", discovered),
        _condition("NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", parsed),
        _condition("NamespaceDeletionContentFailure", "ContentDeleted", deleted),
        _content_remaining(remaining),
        _finalizers_remaining(remaining),
    ]


def _content_remaining(remaining: Sequence[Remaining]) -> dict:
    if not remaining:
        return _condition("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed")
    counts = Counter(f"{item.kind.plural}.{item.kind.group}" for item in remaining)
    listed = [f"{resource} has {count} resource instances" for resource, count in sorted(counts.items())]
    message = f"Some resources are remaining: {', '.join(listed)}"
    return _condition("NamespaceContentRemaining", "SomeResourcesRemain", message, "True")


def _finalizers_remaining(remaining: Sequence[Remaining]) -> dict:
    counts = Counter(name for item in remaining for name in item.finalizers)
    if not counts:
        message = "All content-preserving finalizers finished"
        return _condition("NamespaceFinalizersRemaining", "ContentHasNoFinalizers", message)
    listed = [f"{name} in {count} resource instances" for name, count in sorted(counts.items())]
    message = f"Some content in the namespace has finalizers remaining: {', '.join(listed)}"
    return _condition("NamespaceFinalizersRemaining", "SomeFinalizersRemain", message, "True")


def _condition(type: str, reason: str, message: str, status: str = "False") -> dict:
    return {"type": type, "status": status, "reason": reason, "message": message}
