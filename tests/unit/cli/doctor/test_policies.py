"""Which NetworkPolicies keep the API server from the app's pods."""

import pytest
import yaml

from aks_flow.cli.doctor.policies import in_the_way

APP = """
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
kind: Deployment
metadata: {name: web}
spec: {template: {metadata: {labels: {app: web, tier: front}}}}
---
kind: Deployment
metadata: {name: other}
spec: {template: {metadata: {labels: {app: other}}}}
---
kind: NetworkPolicy
metadata: {name: default-deny}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
"""
OPEN = {
    "to everybody": "{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: http}]}]}",
    "to all namespaces": "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}",
    "to the API server's tunnel": "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
    "{kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {app: konnectivity-agent}}}]}]}",
    "to addresses": "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}",
}
CLOSED = {
    "to its own namespace": "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}",
    "to an ingress controller": "{podSelector: {matchExpressions: [{key: tier, operator: Exists}]}, ingress: "
    "[{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}]}",
    "to nobody": "{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}",
}
APART = {
    "for other pods": "{podSelector: {matchLabels: {app: other}}, ingress: [{}]}",
    "for the way out alone": "{podSelector: {}, policyTypes: [Egress]}",
}


def objects(spec: str) -> list[dict]:
    policy = f"---\nkind: NetworkPolicy\nmetadata: {{name: web}}\nspec: {spec}\n"
    return list(yaml.safe_load_all(APP + policy))


@pytest.mark.parametrize("case", [*OPEN, *CLOSED, *APART])
def test_it_is_kept_away_where_no_policy_of_the_pods_lets_it_in(case):
    kept = {**CLOSED, **APART}.get(case)
    names = ["default-deny", *(["web"] if case in CLOSED else [])] if kept else []
    assert in_the_way(objects(kept or OPEN[case]), "web") == names


@pytest.mark.parametrize("drop", ["NetworkPolicy", "Service"])
def test_nobody_is_kept_away_without_policies_or_without_the_service(drop):
    left = [item for item in objects(CLOSED["to nobody"]) if item["kind"] != drop]
    assert in_the_way(left, "web") == []
