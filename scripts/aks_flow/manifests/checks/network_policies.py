"""NetworkPolicies: whom they are about, whom they let in and out, and at which ports."""

from aks_flow.manifests.checks.facts import Manifest, ManifestFacts, Workload, protocol_of
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.view import FieldView


def network_policies(facts: ManifestFacts) -> Findings:
    for policy in facts.of("NetworkPolicy"):
        own = _chosen(facts, policy, policy.spec)
        if not own:
            yield ManifestFinding("policy-selects", policy, policy.spec["podSelector"], "selects no pods")
        for rule in policy.spec["ingress"].items():
            yield from _peers(facts, policy, rule["from"])
            yield from _ports(policy, rule, own)
        for rule in policy.spec["egress"].items():
            yield from _peers(facts, policy, rule["to"])
            yield from _ports(policy, rule, _here(facts, policy, rule["to"]))


def _chosen(facts: ManifestFacts, policy: Manifest, holder: FieldView) -> list[Workload]:
    """A pod selector that is absent or null in the policy itself is an empty one: it selects all."""
    selector = holder["podSelector"]
    return facts.selected(selector if selector else FieldView({}, selector.path), policy)


def _peers(facts: ManifestFacts, policy: Manifest, peers: FieldView) -> Findings:
    for peer in peers.items():
        selector = peer["podSelector"]
        if _is_here(peer) and not facts.selected(selector, policy):
            yield ManifestFinding(
                "policy-peer", policy, selector, f"names pods that do not exist: {selector.value}"
            )


def _ports(policy: Manifest, rule: FieldView, pods: list[Workload]) -> Findings:
    """A port that none of the pods has."""
    for port in rule["ports"].items() if pods else ():
        asked = port["port"]
        if asked.name_or_number is not None and not any(_opens(port, workload) for workload in pods):
            where = ", ".join(workload.where for workload in pods)
            what = f"{where} {'has' if len(pods) == 1 else 'have'} no port {asked.value!r}"
            yield ManifestFinding("policy-port", policy, asked, what)


def _opens(port: FieldView, workload: Workload) -> bool:
    asked, end = port["port"].name_or_number, port["endPort"].number
    if isinstance(asked, int) and end is not None and workload.ports():
        ports = workload.ports(protocol_of(port))
        return any(isinstance(number, int) and asked <= number <= end for number in ports)
    return workload.declares_port(asked, protocol_of(port))


def _here(facts: ManifestFacts, policy: Manifest, peers: FieldView) -> list[Workload]:
    """The pods that the peers name, if they name no others that cannot be seen from here."""
    if not all(_is_here(peer) for peer in peers.items()):
        return []
    return [workload for peer in peers.items() for workload in facts.selected(peer["podSelector"], policy)]


def _is_here(peer: FieldView) -> bool:
    """A peer in the policy's own namespace; others cannot be seen from here."""
    return bool(peer["podSelector"]) and not peer["namespaceSelector"]
