"""What a request is about: the kind, namespace, name and subresource that its path names."""

from dataclasses import dataclass
from urllib.parse import unquote

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import unknown_path
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind, Kinds


@dataclass(frozen=True)
class RequestTarget:
    """namespace: None for all. name: "" for a collection. rest: the path below a proxy subresource."""

    kind: Kind
    namespace: str | None
    name: str = ""
    subresource: str = ""
    rest: str = ""

    @property
    def where(self) -> str:
        """The namespace as Objects takes it."""
        return self.namespace or ""


def parse(registry: Kinds, raw_path: str) -> RequestTarget:
    """``/apis/apps/v1/namespaces/shop/deployments/web/scale`` -> RequestTarget; StatusError 404."""
    prefix, *parts = raw_path.strip("/").split("/")
    group = parts.pop(0) if prefix == "apis" and parts else ""
    version = parts.pop(0) if parts else ""
    if not parts:
        raise unknown_path()
    namespace, parts = _namespace(registry, group, version, parts)
    plural, name, subresource, *rest = [*parts, "", ""] if len(parts) < 3 else parts
    kind = registry.by_plural(group, version, plural)
    if kind is None or (namespace is not None) > kind.namespaced:
        raise unknown_path()
    if name and namespace is None and kind.namespaced:
        raise unknown_path()
    if subresource and subresource not in kind.subresources:
        raise unknown_path()
    where = namespace if kind.namespaced else ""
    return RequestTarget(kind, where, unquote(name), subresource, "/".join(part for part in rest))


def _namespace(registry: Kinds, group: str, version: str, parts: list[str]) -> tuple[str | None, list[str]]:
    """``namespaces/shop/pods`` is about pods in shop; ``namespaces/shop`` and ``…/shop/status`` are not."""
    if parts[0] != "namespaces" or len(parts) < 3:
        return None, parts
    if len(parts) == 3 and not registry.by_plural(group, version, parts[2]):
        return None, parts
    return unquote(parts[1]), parts[2:]
