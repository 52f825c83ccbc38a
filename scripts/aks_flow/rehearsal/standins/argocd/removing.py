"""Taking an object out of the cluster."""

from aks_flow.rehearsal.standins.argocd.api import ApiError
from aks_flow.rehearsal.standins.argocd.hands import Hands

_GONE_OR_REPLACED = (404, 409)


async def delete(hands: Hands, live: dict, propagation: str = "Foreground") -> None:
    """Remove the object that was seen; one that has gone, or been replaced, is left alone."""
    resource = await hands.discovery.find(live["apiVersion"], live["kind"])
    metadata = live["metadata"]
    try:
        path = resource.path(metadata.get("namespace", ""), metadata["name"])
        await hands.api.delete(path, propagation, metadata["uid"])
    except ApiError as error:
        if error.code not in _GONE_OR_REPLACED:
            raise
