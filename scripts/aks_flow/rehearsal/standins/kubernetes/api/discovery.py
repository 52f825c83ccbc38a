"""What the server serves: versions, groups and resources, in the plain form."""

import base64
import hashlib

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import unknown_path
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind, Kinds

VERSION = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.2",
    "gitCommit": "",
    "gitTreeState": "",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "",
    "compiler": "",
    "platform": "linux/amd64",
}

_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
_SUBRESOURCES = {
    "approval": {"verbs": ["get", "patch", "update"]},
    "attach": {"kind": "PodAttachOptions", "verbs": ["create", "get"]},
    "binding": {"kind": "Binding", "verbs": ["create"]},
    "ephemeralcontainers": {"verbs": ["get", "patch", "update"]},
    "eviction": {"group": "policy", "version": "v1", "kind": "Eviction", "verbs": ["create"]},
    "exec": {"kind": "PodExecOptions", "verbs": ["create", "get"]},
    "finalize": {"verbs": ["update"]},
    "log": {"verbs": ["get"]},
    "portforward": {"kind": "PodPortForwardOptions", "verbs": ["create", "get"]},
    "proxy": {"verbs": ["create", "delete", "get", "patch", "update"]},
    "scale": {"group": "autoscaling", "version": "v1", "kind": "Scale", "verbs": ["get", "patch", "update"]},
    "status": {"verbs": ["get", "patch", "update"]},
    "token": {"group": "authentication.k8s.io", "version": "v1", "kind": "TokenRequest", "verbs": ["create"]},
}


# Pods' tokens are for a server to check that knows more than one token: there are none here, and no keys.
ISSUER = {
    "issuer": "https://kubernetes.default.svc.cluster.local",
    "response_types_supported": ["id_token"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
}
NO_KEYS: dict = {"keys": []}


def versions(address: str) -> dict:
    """The answer of /api."""
    addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}]
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses}


def groups(registry: Kinds) -> dict:
    """The answer of /apis."""
    names = dict.fromkeys(kind.group for kind in registry if kind.group)
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [_group(registry, name) for name in names]}


def group(registry: Kinds, name: str) -> dict:
    """The answer of /apis/GROUP; StatusError 404."""
    if not any(kind.group == name for kind in registry):
        raise unknown_path()
    return {"kind": "APIGroup", "apiVersion": "v1"} | _group(registry, name)


def resources(registry: Kinds, group_name: str, version: str) -> dict:
    """The answer of /api/v1 and /apis/GROUP/VERSION; StatusError 404."""
    served = [kind for kind in registry if (kind.group, kind.version) == (group_name, version)]
    if not served:
        raise unknown_path()
    served.sort(key=lambda kind: kind.plural)
    listed = []
    for kind in served:
        listed += [resource_entry(kind), *(subresource_entry(kind, name) for name in kind.subresources)]
    name = f"{group_name}/{version}" if group_name else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": listed}


def _group(registry: Kinds, name: str) -> dict:
    group_versions = dict.fromkeys(kind.version for kind in registry if kind.group == name)
    served = [{"groupVersion": f"{name}/{version}", "version": version} for version in group_versions]
    return {"name": name, "versions": served, "preferredVersion": served[0]}


def resource_entry(kind: Kind) -> dict:
    """One kind as APIResourceList shows it."""
    main = {
        "name": kind.plural,
        "singularName": kind.singular,
        "namespaced": kind.namespaced,
        "kind": kind.kind,
    }
    main["verbs"] = _verbs(kind)
    if kind.short_names:
        main["shortNames"] = list(kind.short_names)
    if kind.categories:
        main["categories"] = list(kind.categories)
    if kind not in kinds.CREATE_ONLY | kinds.READ_ONLY:
        digest = hashlib.sha256(f"{kind.group}/{kind.version}/{kind.kind}".encode()).digest()
        main["storageVersionHash"] = base64.b64encode(digest[:8]).decode()
    return main


def _verbs(kind: Kind) -> list[str]:
    if kind in kinds.CREATE_ONLY:
        return ["create"]
    return ["get", "list"] if kind in kinds.READ_ONLY else _VERBS


def subresource_entry(kind: Kind, name: str) -> dict:
    """One subresource as APIResourceList shows it."""
    shown = {"name": f"{kind.plural}/{name}", "singularName": "", "namespaced": kind.namespaced}
    return shown | {"kind": kind.kind} | _SUBRESOURCES[name]
