"""Kubernetes' own roles, which count where Azure's do not permit: rules and bindings as the cluster has them.

https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aks_flow.rehearsal.standins.azure.aks.request import RequestedAction

_API = "/apis/rbac.authorization.k8s.io/v1"


@dataclass(frozen=True)
class Held:
    """What decides in one namespace: Roles and ClusterRoles, and the bindings of both."""

    roles: Iterable[Mapping]
    bindings: Iterable[Mapping]


def paths(namespace: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where the roles and the bindings are that count for a namespace ("" for the cluster's scope)."""
    inside = (f"{_API}/namespaces/{namespace}/",) if namespace else ()
    roles = (f"{_API}/clusterroles", *(f"{where}roles" for where in inside))
    return roles, (f"{_API}/clusterrolebindings", *(f"{where}rolebindings" for where in inside))


def permits(held: Held, user: str, about: RequestedAction) -> bool:
    """True if a binding gives the user a role whose rules cover what is asked."""
    bound = {_key(binding["roleRef"]) for binding in held.bindings if _names(binding, user)}
    return any(
        _covers(rule, about)
        for role in held.roles
        if (role["kind"], role["metadata"]["name"]) in bound
        for rule in role.get("rules") or ()
    )


def _key(reference: Mapping) -> tuple[str, str]:
    return reference["kind"], reference["name"]


def _names(binding: Mapping, user: str) -> bool:
    return any(
        (subject["kind"], subject["name"]) == ("User", user) for subject in binding.get("subjects") or ()
    )


def _covers(rule: Mapping, about: RequestedAction) -> bool:
    resource = "/".join(filter(None, (about.resource, about.subresource)))
    named = rule.get("resourceNames")
    return (
        _in(rule.get("apiGroups", ()), about.group)
        and _in(rule.get("resources", ()), resource)
        and _in(rule.get("verbs", ()), about.verb)
        and (not named or about.name in named)
    )


def _in(listed: Iterable[str], name: str) -> bool:
    return "*" in listed or name in listed
