"""An Application that is being deleted: with the finalizer, what it owns goes first, but for what says no."""

from aks_flow.rehearsal.standins.argocd import names, object_refs
from aks_flow.rehearsal.standins.argocd.context import ControllerContext
from aks_flow.rehearsal.standins.argocd.object_removal import delete
from aks_flow.rehearsal.standins.argocd.refreshing import kinds


async def finalize(context: ControllerContext, application: dict) -> bool:
    """Ask for the removal of everything it owns; True once all is gone and the finalizer with it."""
    finalizers = application["metadata"].get("finalizers") or []
    own = [name for name in finalizers if name.partition("/")[0] == names.CASCADE]
    if not own:
        return True
    await context.live.follow(kinds(application, []))
    owned = list(filter(_goes, context.live.tracked_by(application["metadata"]["name"])))
    for live in owned:
        if not live["metadata"].get("deletionTimestamp"):
            await delete(context, live, "Background" if own[0].endswith("/background") else "Foreground")
    if owned:
        return False
    left = [name for name in finalizers if name not in own]
    await context.patch(application, {"metadata": {"finalizers": left or None}})
    return True


def _goes(live: dict) -> bool:
    """A definition would take the objects of its kind along, whoever made them."""
    is_definition = live["kind"] == "CustomResourceDefinition"
    return not is_definition and "Delete=false" not in object_refs.options(live, names.SYNC_OPTIONS)
