"""Argo CD as an AKS extension, as it is -> the line of a plan about it. Pure."""

from collections.abc import Iterator, Mapping

from aks_flow.azure.plan.line import CREATE, WAIT, Line, as_wanted
from aks_flow.tools.az import Az, extension

MADE = 900  # seconds
_THING = "extension argocd"


def lines(az: Az, cluster: str, namespace: str, found: Mapping | None) -> Iterator[Line]:
    """cluster: the resource id. A state other than these began an operation that has not ended."""
    created = extension.create(az, cluster, namespace)
    state = found["properties"]["provisioningState"] if found else ""
    if not found:
        yield Line(_THING, CREATE, "is missing", created)
    elif state in ("Failed", "Canceled"):
        yield Line(_THING, CREATE, f"is {state}", created)
    elif state != "Succeeded":
        yield Line(_THING, WAIT, f"is {state}", extension.wait(az, cluster, MADE))
    else:
        yield as_wanted(_THING)
