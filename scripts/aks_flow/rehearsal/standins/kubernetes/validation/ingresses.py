"""Ingresses."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import invalid, required

_CLASS = "kubernetes.io/ingress.class"
_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
_NOT_IN_A_PATH = ("//", "/./", "/../", "%2f", "%2F")
_NOT_AT_ITS_END = ("/..", "/.")


def ingress(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    if not spec.get("rules") and not spec.get("defaultBackend"):
        yield invalid("spec", spec, "either `defaultBackend` or `rules` must be specified")
    if spec.get("defaultBackend"):
        yield from _backend("spec.defaultBackend", spec["defaultBackend"])
    for index, rule in enumerate(spec.get("rules") or ()):
        yield from _rule(f"spec.rules[{index}]", rule)
    for index, secured in enumerate(spec.get("tls") or ()):
        for number, host in enumerate(secured.get("hosts") or ()):
            yield from _host(f"spec.tls[{index}].hosts[{number}]", host)
        if secured.get("secretName"):
            at = f"spec.tls[{index}].secretName"
            yield from checks.matches(at, secured["secretName"], grammar.subdomain)
    if spec.get("ingressClassName") is not None:
        yield from checks.matches("spec.ingressClassName", spec["ingressClassName"], grammar.subdomain)


def new(item: dict) -> Iterator[Cause]:
    """A class is given in one place; one that has come to stand in both is left alone."""
    given = (item["metadata"].get("annotations") or {}).get(_CLASS)
    if given and (item.get("spec") or {}).get("ingressClassName") is not None:
        yield invalid(f"annotations.{_CLASS}", given, "can not be set when the class field is also set")


def ingress_class(item: dict) -> Iterator[Cause]:
    controller = (item.get("spec") or {}).get("controller")
    yield from checks.named("spec.controller", controller, _domain_prefixed)


def ingress_class_update(old: dict, new: dict) -> Iterator[Cause]:
    yield from checks.unchanged("spec", old.get("spec") or {}, new.get("spec") or {}, "controller")


def _domain_prefixed(text: str) -> list[str]:
    domain, _, path = text.partition("/")
    is_one = path and not grammar.subdomain(domain)
    return [] if is_one else ['must be a domain-prefixed path (such as "acme.io/foo")']


def _rule(path: str, rule: dict) -> Iterator[Cause]:
    host = rule.get("host")
    if host:
        if not grammar.address(host):
            yield invalid(f"{path}.host", host, "must be a DNS name, not an IP address")
        yield from _host(f"{path}.host", host)
    if rule.get("http") is None:
        return
    paths = rule["http"].get("paths") or []
    if not paths:
        yield required(f"{path}.http.paths")
    for number, entry in enumerate(paths):
        yield from _path(f"{path}.http.paths[{number}]", entry)


def _host(path: str, host: str) -> Iterator[Cause]:
    yield from checks.matches(path, host, grammar.wildcard if "*" in host else grammar.subdomain)


def _path(path: str, entry: dict) -> Iterator[Cause]:
    kind, text = entry.get("pathType"), entry.get("path") or ""
    if not kind:
        yield required(f"{path}.pathType", "pathType must be specified")
        return
    yield from checks.one_of(f"{path}.pathType", kind, *_TYPES)
    is_plain = kind in ("Exact", "Prefix")
    if (is_plain or text) and not text.startswith("/"):
        yield invalid(f"{path}.path", text, "must be an absolute path")
    for part in (part for part in _NOT_IN_A_PATH if is_plain and part in text):
        yield invalid(f"{path}.path", text, f"must not contain '{part}'")
    for end in (end for end in _NOT_AT_ITS_END if is_plain and text.endswith(end)):
        yield invalid(f"{path}.path", text, f"cannot end with '{end}'")
    yield from _backend(f"{path}.backend", entry.get("backend") or {})


def _backend(path: str, backend: dict) -> Iterator[Cause]:
    service, resource = backend.get("service"), backend.get("resource")
    if service and resource:
        yield invalid(path, "", "cannot set both resource and service backends")
    elif service:
        yield from _service(path, service)
    elif resource:
        for field in ("kind", "name"):
            if not resource.get(field):
                yield required(f"{path}.resource.{field}", f"{field} is required")
    else:
        yield invalid(path, "", "resource or service backend is required")


def _service(path: str, service: dict) -> Iterator[Cause]:
    port = service.get("port") or {}
    yield from checks.named(f"{path}.service.name", service.get("name"), grammar.service_name)
    if port.get("name") and port.get("number"):
        yield invalid(path, "", "cannot set both port name & port number")
    elif port.get("name"):
        yield from checks.port(f"{path}.service.port.name", port["name"])
    elif port.get("number"):
        yield from checks.port(f"{path}.service.port.number", port["number"])
    else:
        yield required(path, "port name or number is required")
