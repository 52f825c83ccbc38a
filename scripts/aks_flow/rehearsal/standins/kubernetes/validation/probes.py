"""Probes and lifecycle hooks: one handler each."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required
from aks_flow.rehearsal.standins.kubernetes.validation.checks import matches, need, not_negative, one_of, port

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_PROBE_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_HOOK_HANDLERS = ("exec", "httpGet", "tcpSocket", "sleep")
_NUMBERS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")


def probes(path: str, container: dict) -> Iterator[Cause]:
    for name in PROBES:
        if (probe := container.get(name)) is not None:
            yield from _probe(f"{path}.{name}", name, probe)
    for name, hook in (container.get("lifecycle") or {}).items():
        if isinstance(hook, dict):
            yield from _handler(f"{path}.lifecycle.{name}", hook, _HOOK_HANDLERS)


def none_allowed(path: str, container: dict) -> Iterator[Cause]:
    """An init container that ends cannot be probed."""
    for name in ("lifecycle", *PROBES):
        if container.get(name) is not None:
            yield forbidden(
                f"{path}.{name}", "may not be set for init containers without restartPolicy=Always"
            )


def _probe(path: str, name: str, probe: dict) -> Iterator[Cause]:
    yield from _handler(path, probe, _PROBE_HANDLERS)
    yield from not_negative(path, probe, *_NUMBERS)
    grace = probe.get("terminationGracePeriodSeconds")
    if grace is not None and (name == "readinessProbe" or grace <= 0):
        text = "must not be set for readinessProbes" if name == "readinessProbe" else "must be greater than 0"
        yield invalid(f"{path}.terminationGracePeriodSeconds", grace, text)
    if name != "readinessProbe" and probe.get("successThreshold") not in (None, 1):
        yield invalid(f"{path}.successThreshold", probe["successThreshold"], "must be 1")


def _handler(path: str, item: dict, handlers: tuple[str, ...]) -> Iterator[Cause]:
    chosen = [name for name in handlers if item.get(name) is not None]
    if not chosen:
        yield required(path, "must specify a handler type")
    for name in chosen[1:]:
        yield forbidden(f"{path}.{name}", "may not specify more than 1 handler type")
    for name in chosen[:1]:
        yield from _details(f"{path}.{name}", name, item[name])


def _details(path: str, name: str, handler: dict) -> Iterator[Cause]:
    if name == "exec":
        yield from need(path, handler, "command")
    if name in ("httpGet", "tcpSocket", "grpc"):
        yield from port(f"{path}.port", handler.get("port"))
    if name == "httpGet":
        yield from one_of(f"{path}.scheme", handler.get("scheme"), "HTTP", "HTTPS")
        for header in handler.get("httpHeaders") or ():
            yield from matches(f"{path}.httpHeaders", header.get("name") or "", grammar.http_header)
