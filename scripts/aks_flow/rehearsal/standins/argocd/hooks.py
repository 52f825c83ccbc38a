"""Resource hooks: objects that a sync makes for a moment of its own. Pure.

https://argo-cd.readthedocs.io/en/stable/user-guide/resource_hooks/
A chart's hooks count where an object has none of Argo CD's:
https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks
"""

from copy import deepcopy

from aks_flow.rehearsal.standins.argocd import health, names, object_refs
from aks_flow.rehearsal.standins.argocd.health import Health

PRE_SYNC, SYNC, POST_SYNC, SYNC_FAIL, SKIP = "PreSync", "Sync", "PostSync", "SyncFail", "Skip"
PHASES = (PRE_SYNC, SYNC, POST_SYNC)  # in this order; SyncFail comes instead of what is left
BEFORE_CREATION, SUCCEEDED, FAILED = "BeforeHookCreation", "HookSucceeded", "HookFailed"
_HELM_PHASES = {
    "pre-install": PRE_SYNC,
    "pre-upgrade": PRE_SYNC,
    "post-install": POST_SYNC,
    "post-upgrade": POST_SYNC,
}
_HELM_POLICIES = {"before-hook-creation": BEFORE_CREATION, "hook-succeeded": SUCCEEDED, "hook-failed": FAILED}
_HELM_ORDINARY = frozenset({"crd-install"})


def is_hook(item: dict) -> bool:
    """Whether an object is no part of what is synced; one of a phase that no sync has is never made."""
    if object_refs.options(item, names.HOOK):
        return not is_skipped(item)
    return bool(object_refs.options(item, names.HELM_HOOK) - _HELM_ORDINARY)


def phases(item: dict) -> frozenset[str]:
    """The phases of a sync in which an object is a hook; none for an ordinary object, and for one skipped."""
    own = object_refs.options(item, names.HOOK) & {*PHASES, SYNC_FAIL}
    return own or frozenset(
        _HELM_PHASES[word] for word in object_refs.options(item, names.HELM_HOOK) & _HELM_PHASES.keys()
    )


def is_skipped(item: dict) -> bool:
    return object_refs.options(item, names.HOOK) == {SKIP}


def policies(item: dict) -> frozenset[str]:
    """When a hook is deleted: by default before it is made again."""
    helm = {_HELM_POLICIES.get(word) for word in object_refs.options(item, names.HELM_DELETE_POLICY)}
    named = (object_refs.options(item, names.HOOK_DELETE_POLICY) | helm) & {
        BEFORE_CREATION,
        SUCCEEDED,
        FAILED,
    }
    return frozenset(named) or frozenset({BEFORE_CREATION})


def prepared(item: dict, phase: str, revision: str, started: int) -> dict:
    """The hook with a name: one that has only ``generateName`` gets the same in all attempts of a sync."""
    hook = deepcopy(item)
    prefix = hook["metadata"].pop("generateName", "")
    if not hook["metadata"].get("name"):
        hook["metadata"]["name"] = f"{prefix}{revision[:7]}-{phase}-{started}".lower()
    return hook


def of_phase(hook: dict, phase: str) -> dict:
    """The hook as one of this phase alone."""
    hook["metadata"]["annotations"] |= {names.HOOK: phase}
    return hook


def outcome(live: dict | None) -> Health | None:
    """How a hook ended, None while it runs; an object without health of its own is done once it is there."""
    if live is None:
        return None
    assessed = health.of(live) or Health(health.HEALTHY)
    return assessed if assessed.status in (health.HEALTHY, health.DEGRADED) else None
