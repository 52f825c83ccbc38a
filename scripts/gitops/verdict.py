"""Has a commit arrived? Facts in, a verdict out; nothing is asked and nothing is touched here.

"Synced" and "Healthy" are true of the old revision until Argo CD has looked again, so neither counts before
the revision, the digest that runs and the Deployment's generation are those of the goal.
"""

from dataclasses import dataclass

from scripts.gitops.lineage import BEHIND, HERE, REPLACED, Goal, Lineage
from scripts.gitops.workload import Workload
from scripts.tools.argocd import Application

GRACE = 15  # seconds that a trouble may last: a rollout that has begun can still show the one before
ARRIVED, WAITING, FAILED, SUPERSEDED = "arrived", "waiting", "failed", "superseded"


@dataclass(frozen=True)
class Facts:
    """What was seen at one moment. troubled_for: seconds that `trouble` has had something to say."""

    application: Application
    lineage: Lineage
    workload: Workload
    troubled_for: float = 0


@dataclass(frozen=True)
class Verdict:
    """text: what is waited for, what failed, or the version that came instead."""

    kind: str
    text: str = ""


def judge(goal: Goal, facts: Facts) -> Verdict:
    if facts.lineage.kind == REPLACED:
        return Verdict(SUPERSEDED, facts.lineage.image.tag if facts.lineage.image else "nothing")
    found = trouble(facts.application, facts.lineage)
    if found and facts.troubled_for >= GRACE:
        return Verdict(FAILED, found)
    missing = _revision(goal, facts) or _rollout(goal, facts.workload) or _health(facts.application)
    return Verdict(WAITING, missing) if missing else Verdict(ARRIVED)


def trouble(application: Application, lineage: Lineage) -> str:
    """What will not heal by waiting, if it lasts; "" if nothing."""
    if application.errors:
        return "; ".join(application.errors)
    if lineage.kind != HERE:
        return ""
    operation = application.operation
    if operation.failed and operation.revision == application.revision:
        return f"the sync failed: {operation.message}"
    return f"Degraded: {_listed(application.unhealthy)}" if application.health == "Degraded" else ""


def _revision(goal: Goal, facts: Facts) -> str:
    application = facts.application
    if facts.lineage.kind == BEHIND:
        return f"Argo CD to see commit {goal.commit[:12]} (it is at {application.revision[:12] or 'none'})"
    if application.sync != "Synced":
        by_hand = "" if application.automated else "; it syncs by hand, in Argo CD"
        return f"the sync ({application.sync}: {_listed(application.drift)}{by_hand})"
    return f"the sync to end ({application.operation.message})" if application.operation.running else ""


def _rollout(goal: Goal, workload: Workload) -> str:
    digest = goal.image.digest
    if workload.image is None:
        return "the Deployment"
    if workload.image.digest != digest:
        return f"the Deployment to name {goal.image.tag} (it names {workload.image.tag or workload.image})"
    if workload.observed < workload.generation:
        return f"the Deployment's generation {workload.generation} to be observed"
    if not workload.rolled_out:
        troubles = [f"{pod.name}: {text}" for pod in workload.pods for text in pod.troubles]
        return f"the rollout ({workload.available} of {workload.wanted} available; {_listed(troubles)})"
    others = [pod.name for pod in workload.pods if pod.digest != digest]
    if others or len(workload.pods) < workload.wanted:
        return f"every pod to run {digest[:19]} (not yet: {_listed(others)})"
    return ""


def _health(application: Application) -> str:
    if application.health == "Healthy":
        return ""
    return f"health ({application.health}: {_listed(application.unhealthy)})"


def _listed(names) -> str:
    shown = list(names)[:3]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(shown) + more if shown else "no more is said"
