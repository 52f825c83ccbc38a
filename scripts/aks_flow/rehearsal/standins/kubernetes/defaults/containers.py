"""Defaults of a container."""

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.rehearsal.standins.kubernetes.defaults.fill import fill, given, objects_in, part

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def container(item: dict) -> None:
    fill(
        item,
        resources={},
        terminationMessagePath="/dev/termination-log",
        terminationMessagePolicy="File",
        imagePullPolicy=_pull_policy(item.get("image") or ""),
    )
    for port in objects_in(item, "ports"):
        fill(port, protocol="TCP")
    for variable in objects_in(item, "env"):
        source(given(variable, "valueFrom"))
    for probe in _PROBES:
        if item.get(probe) is not None:
            _probe(part(item, probe))
    for hook in ("postStart", "preStop"):
        _http(given(given(item, "lifecycle"), hook))


def source(item: dict) -> None:
    """A value from a field or a resource: a variable's, or a file's in a downward API volume."""
    if reference := given(item, "fieldRef"):
        fill(reference, apiVersion="v1")
    if reference := given(item, "resourceFieldRef"):
        fill(reference, divisor="0")


def requests_from_limits(item: dict) -> None:
    resources = given(item, "resources")
    if limits := given(resources, "limits"):
        fill(part(resources, "requests"), **limits)


def _pull_policy(image: str) -> str:
    try:
        reference = ImageRef.parse(image)
    except AksFlowError:
        return "IfNotPresent"
    newest = reference.tag == "latest" or not (reference.tag or reference.digest)
    return "Always" if newest else "IfNotPresent"


def _probe(probe: dict) -> None:
    fill(probe, timeoutSeconds=1, periodSeconds=10, successThreshold=1, failureThreshold=3)
    _http(probe)
    if remote := given(probe, "grpc"):
        fill(remote, service="")


def _http(handler: dict) -> None:
    if request := given(handler, "httpGet"):
        fill(request, path="/", scheme="HTTP")
