"""NetworkPolicies that keep the API server from the pods of the Service that it asks for a delivery. Pure.

Where the control plane is not in the cluster's network it asks through a tunnel that ends in a pod of
kube-system: https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/, as at AKS.
"""

from collections.abc import Iterable, Iterator, Mapping

from aks_flow.manifests.checks.selectors import matches, selects
from aks_flow.manifests.checks.view import FieldView

_TUNNEL = {"kubernetes.io/metadata.name": "kube-system"}  # labels of the namespace that it ends in


def in_the_way(objects: Iterable[dict], service: str) -> list[str]:
    """The policies of the Service's pods, by name, if no rule of theirs lets the API server in."""
    items = list(objects)
    pods = list(_pods_of(items, service))
    policies = [item for item in items if item["kind"] == "NetworkPolicy" and _covers(item["spec"], pods)]
    rules = (rule for policy in policies for rule in policy["spec"].get("ingress") or ())
    lets_in = any(not rule.get("from") or any(map(_may_be_it, rule["from"])) for rule in rules)
    return [] if lets_in else [policy["metadata"]["name"] for policy in policies]


def _pods_of(items: list[dict], service: str) -> Iterator[Mapping]:
    """The labels of the pods that the Service of this name selects."""
    named = (item for item in items if (item["kind"], item["metadata"].get("name")) == ("Service", service))
    chosen = [FieldView(item["spec"]["selector"]) for item in named if item["spec"].get("selector")]
    for template in ((item.get("spec") or {}).get("template") or {} for item in items):
        labels = (template.get("metadata") or {}).get("labels") or {}
        if any(selects(selector, labels) for selector in chosen):
            yield labels


def _covers(spec: Mapping, pods: Iterable[Mapping]) -> bool:
    """Whether the policy is about what comes in to one of the pods."""
    chosen = FieldView(spec.get("podSelector") or {})
    return "Ingress" in spec.get("policyTypes", ["Ingress"]) and any(matches(chosen, pod) for pod in pods)


def _may_be_it(peer: Mapping) -> bool:
    """Pods of the policy's own namespace are not; what addresses are is not known here."""
    if "ipBlock" in peer:
        return True
    return "namespaceSelector" in peer and matches(FieldView(peer["namespaceSelector"]), _TUNNEL)
