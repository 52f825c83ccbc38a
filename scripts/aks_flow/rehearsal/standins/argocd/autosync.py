"""Whether to sync by itself. Pure.

https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/#automated-sync-semantics
"""

from dataclasses import dataclass
from datetime import datetime

from aks_flow.rehearsal.standins.argocd import names
from aks_flow.rehearsal.standins.argocd.comparing import Managed
from aks_flow.rehearsal.standins.kubernetes.apimachinery import times

FIRST_PAUSE, FACTOR, LONGEST = 2, 3, 300  # seconds: Argo CD's --self-heal-backoff-… by default
_RETRY = {"limit": 5}


@dataclass(frozen=True)
class AutoSyncDecision:
    """operation: to be carried out, None for none. error: why not. again: seconds until it is asked again."""

    operation: dict | None = None
    error: str = ""
    again: float = 0


def decide(application: dict, revision: str, managed: list[Managed], now: datetime) -> AutoSyncDecision:
    """For an Application that is out of sync with ``revision``."""
    policy = application["spec"].get("syncPolicy") or {}
    automated = policy.get("automated")
    if automated is None or automated.get("enabled") is False or application.get("operation"):
        return AutoSyncDecision()
    if not automated.get("prune") and all(item.prunes for item in managed if item.status != names.SYNCED):
        return AutoSyncDecision()
    if wiped := _wipes(automated, revision, managed):
        return AutoSyncDecision(error=wiped)
    state = application.get("status", {}).get("operationState") or {}
    if not _attempted(state, application["spec"].get("source"), revision):
        return AutoSyncDecision(_operation(policy, revision))
    if state["phase"] != names.SUCCEEDED:
        return AutoSyncDecision(error=f"Failed last sync attempt to [{revision}]: {state.get('message', '')}")
    return _heal(policy, revision, managed, state, now) if automated.get("selfHeal") else AutoSyncDecision()


def _attempted(state: dict, source: dict, revision: str) -> bool:
    result = state.get("syncResult") or {}
    return bool(state) and result.get("revision") == revision and result.get("source") == source


def _wipes(automated: dict, revision: str, managed: list[Managed]) -> str:
    """Why a sync that would leave nothing is refused: an empty folder is mostly a mistake."""
    if automated.get("prune") and not automated.get("allowEmpty") and all(item.prunes for item in managed):
        return f"Skipping sync attempt to [{revision}]: auto-sync will wipe out all resources"
    return ""


def _heal(
    policy: dict, revision: str, managed: list[Managed], state: dict, now: datetime
) -> AutoSyncDecision:
    """Put back what differs although it was synced: those objects alone, after longer and longer pauses."""
    earlier = ((state.get("operation") or {}).get("sync") or {}).get("autoHealAttemptsCount", 0)
    left = pause(earlier) - times.seconds_since(state["finishedAt"], now)
    if left > 0:
        return AutoSyncDecision(again=left)
    operation = _operation(policy, revision)
    operation["sync"]["autoHealAttemptsCount"] = earlier + 1
    operation["sync"]["resources"] = [
        {"kind": item.ref.kind, "name": item.ref.name} | ({"group": item.ref.group} if item.ref.group else {})
        for item in managed
        if item.status != names.SYNCED
    ]
    return AutoSyncDecision(operation)


def pause(attempts: int) -> float:
    """Seconds from the end of a sync to the next attempt to heal, by how many there were in a row."""
    return min(FIRST_PAUSE * FACTOR ** (attempts - 1), LONGEST) if attempts else 0


def _operation(policy: dict, revision: str) -> dict:
    automated = policy["automated"]
    sync = {"revision": revision, "prune": bool(automated.get("prune"))}
    if policy.get("syncOptions"):
        sync["syncOptions"] = policy["syncOptions"]
    retry = policy.get("retry") or _RETRY
    return {"sync": sync, "initiatedBy": {"automated": True}, "retry": retry}
