"""NetworkPolicies."""

from collections.abc import Iterator
from ipaddress import ip_network

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required
from aks_flow.rehearsal.standins.kubernetes.validation.services import PROTOCOLS


def network_policy(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    yield from checks.selector("spec.podSelector", spec.get("podSelector") or {})
    types = spec.get("policyTypes") or []
    if len(types) > 2:
        yield invalid("spec.policyTypes", types, "may not specify more than two policyTypes")
    for index, policy in enumerate(types):
        yield from checks.one_of(f"spec.policyTypes[{index}]", policy, "Egress", "Ingress")
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in enumerate(spec.get(direction) or ()):
            for number, peer in enumerate(rule.get(peers) or ()):
                yield from _peer(f"spec.{direction}[{index}].{peers}[{number}]", peer or {})
            for number, port in enumerate(rule.get("ports") or ()):
                at = f"spec.{direction}[{index}].ports[{number}]"
                yield from checks.one_of(f"{at}.protocol", port.get("protocol"), *PROTOCOLS)
                if port.get("port") is not None:
                    yield from checks.port(f"{at}.port", port["port"])


def _peer(path: str, peer: dict) -> Iterator[Cause]:
    selectors = [name for name in ("podSelector", "namespaceSelector") if peer.get(name) is not None]
    if not selectors and peer.get("ipBlock") is None:
        yield required(path, "must specify a peer")
    for name in selectors:
        yield from checks.selector(f"{path}.{name}", peer[name])
    if peer.get("ipBlock") is not None:
        if selectors:
            yield forbidden(path, "may not specify both ipBlock and another peer")
        yield from _block(f"{path}.ipBlock", peer["ipBlock"])


def _block(path: str, block: dict) -> Iterator[Cause]:
    whole, faulty = block.get("cidr") or "", [*checks.named(f"{path}.cidr", block.get("cidr"), grammar.cidr)]
    yield from faulty
    for index, cidr in enumerate(block.get("except") or ()):
        at, wrong = f"{path}.except[{index}]", grammar.cidr(cidr)
        yield from checks.matches(at, cidr, grammar.cidr)
        if not faulty and not wrong and not _is_part(cidr, whole):
            yield invalid(at, cidr, "must be a strict subset of `cidr`")


def _is_part(cidr: str, whole: str) -> bool:
    part, network = ip_network(cidr, strict=False), ip_network(whole, strict=False)
    return part.version == network.version and part != network and part.subnet_of(network)
