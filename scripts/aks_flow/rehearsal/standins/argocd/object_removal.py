"""Taking an object out of the cluster."""

from aks_flow.rehearsal.standins.argocd.api import ApiError
from aks_flow.rehearsal.standins.argocd.context import ControllerContext

_GONE_OR_REPLACED = (404, 409)


async def delete(context: ControllerContext, live: dict, propagation: str = "Foreground") -> None:
    """Remove the object that was seen; one that has gone, or been replaced, is left alone."""
    try:
        await context.api.delete(live, propagation)
    except ApiError as error:
        if error.code not in _GONE_OR_REPLACED:
            raise
