"""A Kubernetes API path -> what Azure's roles for Kubernetes call it. Pure."""

from dataclasses import dataclass

_CLUSTER = "Microsoft.ContainerService/managedClusters"
_VERBS = {
    "GET": "read",
    "HEAD": "read",
    "POST": "write",
    "PUT": "write",
    "PATCH": "write",
    "DELETE": "delete",
}
_INTO = ("exec", "attach", "portforward", "proxy")  # subresources that reach into a pod
_WORDS = {
    "GET": "get",
    "HEAD": "get",
    "POST": "create",
    "PUT": "update",
    "PATCH": "patch",
    "DELETE": "delete",
}


@dataclass(frozen=True)
class RequestedAction:
    """group: "" for the core. namespace: "" for what has none; a Namespace counts as in itself."""

    group: str
    resource: str
    namespace: str
    name: str
    subresource: str
    method: str
    watch: bool = False

    @property
    def action(self) -> str:
        """The data action, as in `Microsoft.ContainerService/managedClusters/apps/deployments/read`."""
        what = "/".join(filter(None, (_CLUSTER, self.group, self.resource)))
        if self.subresource in _INTO:
            return f"{what}/{self.subresource}/action"
        return f"{what}/{_VERBS[self.method]}"

    @property
    def verb(self) -> str:
        """Kubernetes' own word for it."""
        if self.watch:
            return "watch"
        return "list" if self.method == "GET" and not self.name else _WORDS[self.method]


def requested_action(method: str, path: str, watch: bool = False) -> RequestedAction | None:
    """None for what is about no resource: discovery, versions, health."""
    words = [word for word in path.split("/") if word]
    if words[:1] == ["api"]:
        group, rest = "", words[2:]
    elif words[:1] == ["apis"]:
        group, rest = (words[1] if len(words) > 1 else ""), words[3:]
    else:
        return None
    if not rest:
        return None
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 1:
        namespace, inside = rest[1], rest[2:]
        rest = inside if inside and inside[0] not in ("status", "finalize") else rest
    resource, name, subresource = (*rest, "", "")[:3]
    return RequestedAction(group, resource, namespace, name, subresource, method, watch)
