"""What an AppProject permits. Pure.

https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
"""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from aks_flow.rehearsal.standins.argocd import names, object_refs


def faults(project: dict | None, application: dict) -> list[str]:
    """Why an Application's spec is not permitted or not complete; none if it is."""
    spec = application["spec"]
    source, destination = spec.get("source") or {}, spec.get("destination") or {}
    if project is None:
        return [f"Application referencing project {spec.get('project')} which does not exist"]
    if not source.get("repoURL") or not source.get("path"):
        return ["spec.source.repoURL and either spec.source.path or spec.source.chart are required"]
    if destination.get("name") and destination.get("server"):
        both = f"{destination['name']} {destination['server']}"
        return [f"application destination can't have both name and server defined: {both}"]
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


def permits(project: dict, group: str, kind: str, namespace: str, name: str = "") -> bool:
    """Whether an object may be managed. ``namespace``: "" for one of the whole cluster, whose name counts."""
    spec = project["spec"]
    if not namespace:
        allowed, denied = spec.get("clusterResourceWhitelist") or (), spec.get("clusterResourceBlacklist")
    else:
        allowed, denied = spec.get("namespaceResourceWhitelist"), spec.get("namespaceResourceBlacklist")
    listed = allowed is None or _lists(allowed, group, kind, name)
    inside = not namespace or permits_namespace(project, namespace)
    return listed and inside and not _lists(denied or (), group, kind, name)


def permits_object(project: dict, item: dict) -> bool:
    ref = object_refs.of(item)
    return permits(project, ref.group, ref.kind, ref.namespace, ref.name)


def permits_namespace(project: dict, namespace: str) -> bool:
    """A destination that begins with ``!`` takes away what others permit."""
    destinations = project["spec"].get("destinations") or ()
    return any(_permits(entry, namespace) for entry in destinations) and not any(
        _denies(entry, namespace) for entry in destinations
    )


def _permits(allowed: dict, namespace: str) -> bool:
    pattern, server = allowed.get("namespace", ""), _server(allowed)
    positive = not pattern.startswith("!") and not server.startswith("!")
    return positive and fnmatchcase(names.IN_CLUSTER, server) and fnmatchcase(namespace, pattern)


def _denies(entry: dict, namespace: str) -> bool:
    """A denied namespace counts on the servers that the entry names; a denied server in any namespace."""
    pattern, server = entry.get("namespace", ""), _server(entry)
    if server.startswith("!"):
        return fnmatchcase(names.IN_CLUSTER, server[1:])
    is_denial = pattern.startswith("!") and fnmatchcase(names.IN_CLUSTER, server)
    return is_denial and fnmatchcase(namespace, pattern[1:])


def _server(destination: dict) -> str:
    named = (
        names.IN_CLUSTER if destination.get("name") == names.IN_CLUSTER_NAME else destination.get("name", "")
    )
    return destination.get("server") or named


def _lists(entries: Iterable[dict], group: str, kind: str, name: str) -> bool:
    """``name``: a pattern too, for objects of the whole cluster; none means any."""
    return any(
        fnmatchcase(group, entry["group"])
        and fnmatchcase(kind, entry["kind"])
        and fnmatchcase(name, entry.get("name") or "*")
        for entry in entries
    )


def _matches(address: str, patterns: Iterable[str]) -> bool:
    """A trailing ``.git`` or another way to write it makes no other repository; ``!`` takes away."""
    given = list(patterns)
    allowed = any(_same(address, pattern) for pattern in given if not pattern.startswith("!"))
    return allowed and not any(_same(address, pattern[1:]) for pattern in given if pattern.startswith("!"))


def _same(address: str, pattern: str) -> bool:
    """``*`` stands for any text without a slash, ``**`` for any text, ``*`` alone for any repository."""
    if pattern == "*":
        return True
    parts = (_GLOBS.get(part) or re.escape(part) for part in re.split(r"(\*\*|\*)", normalized(pattern)))
    return re.fullmatch("".join(parts), normalized(address)) is not None


_GLOBS = {"*": "[^/]*", "**": ".*"}


def normalized(address: str) -> str:
    """As Argo CD compares addresses: in lower case, without ``.git``; ``git@host:path`` is one of ssh."""
    text = address.strip().lower().removesuffix(".git").removeprefix("ssh://")
    if re.fullmatch(r"[^/:]*@[^@/:]+:[^@]+", text):
        return text.replace(":", "/", 1)
    return text
