"""An Application that is being deleted: with the finalizer, what it owns goes first."""

from aks_flow.rehearsal.standins.argocd import names, refs
from aks_flow.rehearsal.standins.argocd.hands import Hands
from aks_flow.rehearsal.standins.argocd.refreshing import kinds
from aks_flow.rehearsal.standins.argocd.removing import delete


async def finalize(hands: Hands, application: dict) -> bool:
    """Ask for the removal of everything it owns; True once all is gone and the finalizer with it."""
    finalizers = application["metadata"].get("finalizers") or []
    own = [name for name in finalizers if name.partition("/")[0] == names.CASCADE]
    if not own:
        return True
    await hands.live.follow(kinds(application, []))
    owned = hands.live.tracked_by(application["metadata"]["name"])
    for live in owned:
        if not live["metadata"].get("deletionTimestamp"):
            await delete(hands, live, "Background" if own[0].endswith("/background") else "Foreground")
    if owned:
        return False
    left = [name for name in finalizers if name not in own]
    await hands.patch(refs.of(application).name, {"metadata": {"finalizers": left or None}})
    return True
