"""What an AppProject permits. Pure.

https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from aks_flow.rehearsal.standins.argocd import names


def faults(project: dict | None, application: dict) -> list[str]:
    """Why an Application's spec is not permitted or not complete; none if it is."""
    spec = application["spec"]
    source, destination = spec.get("source") or {}, spec.get("destination") or {}
    if project is None:
        return [f"Application referencing project {spec.get('project')} which does not exist"]
    if not source.get("repoURL") or not source.get("path"):
        return ["spec.source.repoURL and either spec.source.path or spec.source.chart are required"]
    server, name = _server(destination), spec.get("project")
    if server != names.IN_CLUSTER:
        return [f"there are no clusters with this name or address: {server}"]
    refusals = []
    if not _matches(source["repoURL"], project["spec"].get("sourceRepos") or ()):
        refusals.append(f"application repo {source['repoURL']} is not permitted in project '{name}'")
    if not permits_namespace(project, destination.get("namespace", "")):
        shown = f"server '{server}' and namespace '{destination.get('namespace', '')}'"
        allowed = f"any of the allowed destinations in project '{name}'"
        refusals.append(f"application destination {shown} do not match {allowed}")
    return refusals


def permits(project: dict, group: str, kind: str, namespace: str) -> bool:
    """Whether an object may be managed. ``namespace``: "" for one of the whole cluster."""
    spec = project["spec"]
    if not namespace:
        allowed, denied = spec.get("clusterResourceWhitelist") or (), spec.get("clusterResourceBlacklist")
    else:
        allowed, denied = spec.get("namespaceResourceWhitelist"), spec.get("namespaceResourceBlacklist")
    listed = allowed is None or _lists(allowed, group, kind)
    inside = not namespace or permits_namespace(project, namespace)
    return listed and inside and not _lists(denied or (), group, kind)


def permits_namespace(project: dict, namespace: str) -> bool:
    return any(
        fnmatchcase(names.IN_CLUSTER, _server(allowed))
        and fnmatchcase(namespace, allowed.get("namespace", ""))
        for allowed in project["spec"].get("destinations") or ()
    )


def _server(destination: dict) -> str:
    named = (
        names.IN_CLUSTER if destination.get("name") == names.IN_CLUSTER_NAME else destination.get("name", "")
    )
    return destination.get("server") or named


def _lists(entries: Iterable[dict], group: str, kind: str) -> bool:
    return any(fnmatchcase(group, entry["group"]) and fnmatchcase(kind, entry["kind"]) for entry in entries)


def _matches(text: str, patterns: Iterable[str]) -> bool:
    """A trailing ``.git`` makes no other repository; a pattern with ``!`` takes away."""
    text = text.removesuffix(".git")
    allowed = any(
        fnmatchcase(text, pattern.removesuffix(".git")) for pattern in patterns if pattern[0] != "!"
    )
    denied = any(
        fnmatchcase(text, pattern[1:].removesuffix(".git")) for pattern in patterns if pattern[0] == "!"
    )
    return allowed and not denied
