"""How a pod resolves names."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation.causes import invalid, required
from aks_flow.rehearsal.standins.kubernetes.validation.checks import matches, one_of

_POLICIES = ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")
_MOST_SERVERS = 3
_ADDRESS = "must be valid IP address"


def resolution(path: str, spec: dict) -> Iterator[Cause]:
    """path: of the pod's spec."""
    config = spec.get("dnsConfig") or {}
    yield from one_of(f"{path}.dnsPolicy", spec.get("dnsPolicy"), *_POLICIES)
    if spec.get("dnsPolicy") == "None" and not config:
        yield required(f"{path}.dnsConfig", "must provide `dnsConfig` when `dnsPolicy` is None")
    elif spec.get("dnsPolicy") == "None" and not config.get("nameservers"):
        text = "must provide at least one DNS nameserver when `dnsPolicy` is None"
        yield required(f"{path}.dnsConfig.nameservers", text)
    yield from _config(f"{path}.dnsConfig", config)
    for alias in spec.get("hostAliases") or ():
        if grammar.address(alias.get("ip") or ""):
            yield invalid(f"{path}.hostAliases.ip", alias.get("ip") or "", _ADDRESS)
        for hostname in alias.get("hostnames") or ():
            yield from matches(f"{path}.hostAliases.hostnames", hostname, grammar.subdomain)


def _config(path: str, config: dict) -> Iterator[Cause]:
    servers = config.get("nameservers") or []
    if len(servers) > _MOST_SERVERS:
        yield invalid(f"{path}.nameservers", servers, f"must not have more than {_MOST_SERVERS} nameservers")
    for index, server in enumerate(servers):
        if grammar.address(server):
            yield invalid(f"{path}.nameservers[{index}]", server, _ADDRESS)
    for index, option in enumerate(config.get("options") or ()):
        if not option.get("name"):
            yield required(f"{path}.options[{index}]", "must not be empty")
