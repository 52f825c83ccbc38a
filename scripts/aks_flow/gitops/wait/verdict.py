"""Has a commit arrived? Facts in, a verdict out; nothing is asked and nothing is touched here.

"Synced" and "Healthy" are true of the old revision until Argo CD has looked again, so neither counts before
the revision is the goal's. Whether what it brought is well is for `rollout.verdict` to say,
as for a push.
"""

from dataclasses import dataclass, replace

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitops.wait.lineage import BEHIND, HERE, REPLACED, Goal, Lineage
from aks_flow.rollout.verdict import goal as rollouts
from aks_flow.rollout.verdict import verdict as rollout
from aks_flow.tools.argocd import Application

GRACE = 15  # seconds that a trouble of Argo CD's may last: it can still be that of the sync before
ARRIVED, WAITING, FAILED, SUPERSEDED = "arrived", "waiting", "failed", "superseded"
BROKEN = "broken"  # the workloads are bad: why is in the rollout's own verdict


@dataclass(frozen=True)
class Facts:
    """What was seen at one moment.

    named: the image that the app's Deployment names, None without one. well: of the goal's workloads, those
    that Argo CD has brought. troubled_for: seconds that `trouble` has had something to say.
    """

    application: Application
    lineage: Lineage
    named: ImageRef | None = None
    well: rollout.RolloutVerdict = rollout.RolloutVerdict(rollout.WAITING)
    troubled_for: float = 0


@dataclass(frozen=True)
class Verdict:
    """text: what is waited for, what failed, or the version that came instead."""

    kind: str
    text: str = ""


def judge(goal: Goal, facts: Facts) -> Verdict:
    if facts.lineage.kind == REPLACED:
        return Verdict(SUPERSEDED, facts.lineage.image.tag if facts.lineage.image else "nothing")
    if facts.well.kind == rollout.BAD:
        return Verdict(BROKEN)
    found = trouble(facts.application, facts.lineage)
    if found and facts.troubled_for >= GRACE:
        return Verdict(FAILED, found)
    missing = _revision(goal, facts) or _named(goal, facts.named) or _rollout(facts.well)
    missing = missing or _health(facts.application)
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


def brought(application: Application, lineage: Lineage, wanted: rollouts.RolloutGoal) -> rollouts.RolloutGoal:
    """Of the wanted workloads those that are as the goal's commit has them; Services once all are."""
    if lineage.kind != HERE:
        return replace(wanted, targets=(), services=())
    differ = set(application.drift)
    targets = tuple(one for one in wanted.targets if f"{one.kind}/{one.name}" not in differ)
    return replace(wanted, targets=targets, services=() if differ else wanted.services)


def _revision(goal: Goal, facts: Facts) -> str:
    application = facts.application
    if facts.lineage.kind == BEHIND:
        return f"Argo CD to see commit {goal.commit[:12]} (it is at {application.revision[:12] or 'none'})"
    if application.sync != "Synced":
        by_hand = "" if application.automated else "; it syncs by hand, in Argo CD"
        return f"the sync ({application.sync}: {_listed(application.drift)}{by_hand})"
    return f"the sync to end ({application.operation.message})" if application.operation.running else ""


def _named(goal: Goal, image: ImageRef | None) -> str:
    if image is None:
        return "the Deployment"
    if image.digest == goal.image.digest:
        return ""
    return f"the Deployment to name {goal.image.tag} (it names {image.tag or image})"


def _rollout(well: rollout.RolloutVerdict) -> str:
    return f"the rollout: {well.waits_for}" if well.kind == rollout.WAITING else ""


def _health(application: Application) -> str:
    if application.health == "Healthy":
        return ""
    return f"health ({application.health}: {_listed(application.unhealthy)})"


def _listed(names) -> str:
    shown = list(names)[:3]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(shown) + more if shown else "no more is said"
