"""Argo CD as an AKS extension, as it is -> the line of a plan about it. Pure."""

from collections.abc import Iterator, Mapping

from aks_flow.azure.plan.line import CREATE, WAIT, Line, unchanged
from aks_flow.core.config.azure import AzureSettings
from aks_flow.tools.az import Az, extension

MADE = 900  # seconds
_THING = "extension argocd"


def lines(
    az: Az, azure: AzureSettings, cluster: str, namespace: str, existing: Mapping | None
) -> Iterator[Line]:
    """cluster: its resource id. A state that is none of these means an operation that has not ended."""
    created = extension.create(az, cluster, namespace, azure.cluster.min_nodes)
    state = existing["properties"]["provisioningState"] if existing else ""
    if not existing:
        yield Line(_THING, CREATE, "is missing", created)
    elif state in ("Failed", "Canceled"):
        said = (existing["properties"].get("errorInfo") or {}).get("message")
        yield Line(_THING, CREATE, f"is {state}{f': {said}' if said else ''}", created)
    elif state != "Succeeded":
        yield Line(_THING, WAIT, f"is {state}", extension.wait(az, cluster, MADE))
    else:
        yield unchanged(_THING)
