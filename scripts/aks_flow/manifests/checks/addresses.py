"""Addresses in the environment: what a pod is told to talk to is there, at that port, in this environment."""

import difflib
import re
from collections.abc import Iterator

from aks_flow.manifests.checks import hosts
from aks_flow.manifests.checks.facts import Manifest, ManifestFacts
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.hosts import DOMAIN, NamedHost
from aks_flow.manifests.checks.services import has_port, is_alias
from aks_flow.manifests.checks.view import FieldView

LONGEST = 4096  # of a value, once the variables in it are filled in
NEAR = 0.9
SVC, ALIKE = ("svc", "service"), 0.6
LOCAL = ("localhost", "ip6-localhost")
_VARIABLE = re.compile(r"\$\(([^()]*)\)")


def addresses(facts: ManifestFacts) -> Findings:
    """Short names in URLs: of variables, and of ConfigMaps, whose values become variables."""
    for workload in facts.workloads:
        aliases = {
            name.text for entry in workload.pod["hostAliases"].items() for name in entry["hostnames"].items()
        }
        for container in workload.containers:
            for name, value, text in _variables(container):
                for host in hosts.of_url(text):
                    if host.name not in aliases:
                        yield from _short(facts, workload.owner, value, name, host)
    for item in facts.of("ConfigMap"):
        for name, value in item.view["data"].fields():
            for host in hosts.of_url(value.text):
                yield from _short(facts, item, value, name, host)


def _variables(container: FieldView) -> Iterator[tuple[str, FieldView, str]]:
    """(name, value, the text it becomes): what earlier variables say is filled in."""
    known: dict[str, str] = {}
    for entry in container["env"].items():
        text = _VARIABLE.sub(lambda found: known.get(found[1], found[0]), entry["value"].text)
        known[entry["name"].text] = text if len(text) < LONGEST else entry["value"].text
        yield entry["name"].text, entry["value"], known[entry["name"].text]


def _short(facts: ManifestFacts, owner: Manifest, at: FieldView, variable: str, host: NamedHost) -> Findings:
    """``api``, ``api.namespace``; longer names are `cluster_names`'s."""
    labels = host.labels
    if host.is_number or host.name in LOCAL or len(labels) > 2:
        return
    if len(labels) == 1:
        yield from _service(facts, owner, at, variable, host, labels[0])
    elif labels[1] in facts.surroundings.others and not _may_be_public(facts, owner, labels):
        yield _foreign(facts, owner, at, host.name, labels[1])
    elif labels[1] == facts.namespace_of(owner):
        yield from _service(facts, owner, at, variable, host, labels[0])


def _may_be_public(facts: ManifestFacts, owner: Manifest, labels: tuple[str, ...]) -> bool:
    """``web.dev`` is a host on the Internet, unless there is a Service of that name."""
    return "-" not in labels[1] and facts.named("Service", labels[0], owner) is None


def _service(
    facts: ManifestFacts, owner: Manifest, at: FieldView, variable: str, host: NamedHost, name: str
) -> Findings:
    if name in facts.made_elsewhere("Service"):
        return
    service = facts.named("Service", name, owner)
    if service is None:
        yield ManifestFinding("address", owner, at, f"{variable} names Service {name}, which does not exist")
    elif host.port is not None and not _answers(facts, service, host.port):
        what = f"{variable} names port {host.port}, which Service {name} does not have"
        yield ManifestFinding("address", owner, at, what)


def _answers(facts: ManifestFacts, service: Manifest, port: int) -> bool:
    """A headless Service's name leads to the pods themselves."""
    headless = service.spec["clusterIP"].text == "None"
    pods = facts.served(service) if headless else []
    return has_port(service, port) or is_alias(service) or any(port in workload.ports() for workload in pods)


def _foreign(facts: ManifestFacts, owner: Manifest, at: FieldView, host: str, space: str) -> ManifestFinding:
    what = f"names {host}, which is in {facts.surroundings.others[space]}'s namespace"
    return ManifestFinding("other-environment", owner, at, what)


def cluster_names(facts: ManifestFacts) -> Findings:
    """Names of the cluster's DNS, in any text of any object."""
    for item in facts.objects:
        for field in _texts(item.view):
            for host in hosts.of_cluster(field.text):
                yield from _long(facts, item, field, host)


def _texts(view: FieldView) -> Iterator[FieldView]:
    waiting = [view]
    while waiting:
        current = waiting.pop()
        if current.text:
            yield current
        waiting += [*current.items(), *(value for _, value in current.fields())]


def _long(facts: ManifestFacts, item: Manifest, field: FieldView, host: NamedHost) -> Findings:
    labels = host.labels
    if "svc" not in labels[2:]:
        yield from _incomplete(facts, item, field, host)
        return
    place = labels.index("svc", 2)
    name, space, domain = labels[place - 2], labels[place - 1], labels[place + 1 :]
    if domain not in ((), DOMAIN):
        if _is_near(".".join(domain), ".".join(DOMAIN)):
            what = f"names {host.name}, which does not end in svc.{'.'.join(DOMAIN)}"
            yield ManifestFinding("cluster-name", item, field, what)
        return
    if space in facts.surroundings.others:
        yield _foreign(facts, item, field, host.name, space)
    elif space == facts.namespace_of(item):
        yield from _service(facts, item, field, str(field.path[-1]), host, name)
    else:
        yield from _misspelt(facts, item, field, host, space)


def _incomplete(facts: ManifestFacts, item: Manifest, field: FieldView, host: NamedHost) -> Findings:
    """A name in the cluster's domain that is not a Service's."""
    *names, kind, _, _ = host.labels
    if kind == "svc" and names[0] in facts.surroundings.others:
        yield _foreign(facts, item, field, host.name, names[0])
    elif _lacks_namespace(facts, item, names, kind) or _lacks_svc(facts, item, kind):
        what = f"names {host.name}, which is not service.namespace.svc.{'.'.join(DOMAIN)}"
        yield ManifestFinding("cluster-name", item, field, what)


def _lacks_namespace(facts: ManifestFacts, item: Manifest, names: list[str], kind: str) -> bool:
    """``namespace.svc`` is a domain to search in, ``api.svc`` is none."""
    is_namespace = names[0] == facts.namespace_of(item)
    return kind == "svc" and not is_namespace and facts.named("Service", names[0], item) is not None


def _lacks_svc(facts: ManifestFacts, item: Manifest, kind: str) -> bool:
    """Where svc must stand there is a namespace, or something like it: ``scv``, ``service``."""
    alike = any(difflib.SequenceMatcher(None, kind, word).ratio() >= ALIKE for word in SVC)
    return kind != "svc" and (kind in (facts.namespace_of(item), *facts.surroundings.others) or alike)


def _misspelt(
    facts: ManifestFacts, item: Manifest, field: FieldView, host: NamedHost, space: str
) -> Findings:
    """A namespace that is none of the environments', but nearly."""
    defined = {namespace.name for namespace in facts.of("Namespace")}
    known = [facts.namespace_of(item), *facts.surroundings.others]
    near = [name for name in known if name and _is_near(space, name)]
    if near and space not in defined:
        what = f"names {host.name}: namespace {space} is nearly {near[0]}"
        yield ManifestFinding("cluster-name", item, field, what)


def _is_near(word: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, word, other).ratio() >= NEAR
