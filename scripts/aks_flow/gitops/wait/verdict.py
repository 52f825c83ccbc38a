"""Has a commit arrived? Facts in, a verdict out; nothing is asked and nothing is changed here.

"Synced" and "Healthy" are true of the old revision until Argo CD has looked again, so neither counts before
Argo CD compares with the awaited commit. Whether its workloads are well is for `rollout.verdict` to say, as
after a push.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow.version import Version
from aks_flow.gitops.wait.awaited_commit import AwaitedCommit
from aks_flow.gitops.wait.lineage import BEHIND, REACHED, REPLACED, Lineage
from aks_flow.gitops.wait.trouble import ArgoTrouble
from aks_flow.gitops.wait.unhealthy import NO_ADDRESS
from aks_flow.rollout.verdict import verdict
from aks_flow.rollout.verdict.goal import RolloutGoal
from aks_flow.tools.argocd import Application

ARRIVED, WAITING = "arrived", "waiting"
OVERTAKEN, TAKEN_BACK = "overtaken", "taken back"  # the branch has another pin by now: a newer one, an older
BROKEN = "broken"  # the workloads are bad: why is in the rollout's own verdict
DEGRADED = "degraded"  # at the deadline: Argo CD finds bad what the rollout's verdict does not look at
SYNC_FAILED = "sync failed"  # Argo CD has tried to sync the commit, which is the cause that it could not
UNSYNCED = "unsynced"  # Argo CD cannot compare with the commit, or could not sync it for another cause
UNTRIED = "untried"  # at the deadline: its sync has not begun, so that it may be good or bad
UNREADABLE = "unreadable"  # Argo CD may not read the repository
_NOT_DONE = "; it has not done what it was asked to: does its application controller run?"
_WELL = ("Healthy", "Suspended")  # what is suspended is so on purpose


@dataclass(frozen=True)
class ArrivalFacts:
    """What was seen at one moment.

    named: the image that the app's workload names, None without one. rollout: the verdict on those of the
    goal's workloads that are synced. trouble: what Argo CD finds wrong; troubled_for: for how many seconds.
    unhealthy: the objects that are not well, as far as known. overdue: whether the deadline has passed.
    begun: whether the last sync, be it over or not, is of the commit.
    """

    application: Application
    lineage: Lineage
    named: ImageRef | None = None
    rollout: verdict.RolloutVerdict = verdict.RolloutVerdict(verdict.WAITING)
    trouble: ArgoTrouble | None = None
    troubled_for: float = 0
    unhealthy: tuple[str, ...] = ()
    overdue: bool = False
    begun: bool = True


@dataclass(frozen=True)
class ArrivalVerdict:
    """kind: one of those above. text: what is waited for, or wrong, or lacking, or the version that came."""

    kind: str
    text: str = ""


def judge(awaited: AwaitedCommit, facts: ArrivalFacts) -> ArrivalVerdict:
    """The verdict that the facts of one moment allow.

    "Degraded" is none before the deadline: an autoscaler is so until it has metrics.
    """
    if facts.lineage.kind == REPLACED:
        return _replaced(awaited, facts.lineage.image)
    if facts.rollout.kind == verdict.BAD:
        return ArrivalVerdict(BROKEN)
    if facts.trouble and facts.troubled_for >= facts.trouble.grace:
        return ArrivalVerdict(_kind(facts.trouble), facts.trouble.text)
    if unsynced := _revision(awaited, facts):
        return ArrivalVerdict(UNTRIED if facts.overdue and not facts.begun else WAITING, unsynced)
    if missing := _named(awaited, facts.named) or _rollout(facts.rollout):
        return ArrivalVerdict(WAITING, missing)
    if facts.application.health in _WELL:
        return ArrivalVerdict(ARRIVED, _left(facts.application))
    return _unwell(facts)


def _kind(trouble: ArgoTrouble) -> str:
    if trouble.unreadable:
        return UNREADABLE
    return SYNC_FAILED if trouble.sync_failed else UNSYNCED


def _unwell(facts: ArrivalFacts) -> ArrivalVerdict:
    """All is there and the workloads are well, and yet Argo CD is not content.

    A load balancer without an address is no fault of the commit: some clusters never give one.
    """
    health = facts.application.health
    text = f"{health}: {_listed(facts.unhealthy)}"
    lacks_addresses = bool(facts.unhealthy) and all(why.endswith(NO_ADDRESS) for why in facts.unhealthy)
    if health == "Progressing" and lacks_addresses:
        return ArrivalVerdict(ARRIVED, text)
    if facts.overdue and health == "Degraded":
        return ArrivalVerdict(DEGRADED, text)
    return ArrivalVerdict(WAITING, f"health ({text})")


def _replaced(awaited: AwaitedCommit, image: ImageRef | None) -> ArrivalVerdict:
    """Another pin took the awaited one's place; an older one, or none, means that somebody undid it."""
    if image is None:
        return ArrivalVerdict(TAKEN_BACK, "nothing")
    is_older = Version.parse(image.tag) < Version.parse(awaited.image.tag)
    return ArrivalVerdict(TAKEN_BACK if is_older else OVERTAKEN, image.tag)


def synced_part(application: Application, lineage: Lineage, goal: RolloutGoal) -> RolloutGoal:
    """Of the goal's workloads those that are as the awaited commit has them; Services once all are."""
    if lineage.kind != REACHED or application.sync == "Unknown":
        return replace(goal, targets=(), services=())
    differ = set(application.drift) - set(application.left)
    targets = tuple(target for target in goal.targets if f"{target.kind}/{target.name}" not in differ)
    return replace(goal, targets=targets, services=() if differ else goal.services)


def _revision(awaited: AwaitedCommit, facts: ArrivalFacts) -> str:
    application = facts.application
    if facts.lineage.kind == BEHIND:
        revision = application.revision[:12] or "none"
        remark = _NOT_DONE if facts.overdue and application.refreshing else ""
        return f"Argo CD to see commit {awaited.commit[:12]} (it is at {revision}{remark})"
    if not _is_synced(awaited, application):
        differing = f"{application.sync}: {_listed(application.drift)}"
        return f"the sync ({differing}{_not_begun(awaited, application, facts.overdue)})"
    operation = application.operation
    if facts.begun and operation.failed:
        return f"the sync to succeed{operation.remark}"
    return f"the sync to end{operation.remark}" if operation.running else ""


def _not_begun(awaited: AwaitedCommit, application: Application, overdue: bool) -> str:
    """Why the sync does not come. Argo CD tells of a closed window only in the message of one that runs."""
    operation = application.operation
    if not application.automated:
        return f"; nobody has started it: `./inv gitops.sync {awaited.environment}`"
    if operation.is_blocked or (overdue and operation.running):
        return operation.remark
    if overdue and operation.revision != application.revision:
        return "; Argo CD has begun none: is a sync window of its project closed?"
    return ""


def _is_synced(awaited: AwaitedCommit, application: Application) -> bool:
    """But for what is to stay though no commit has it: that differs until a person deletes it."""
    operation = application.operation
    is_over = operation.succeeded and operation.revision in (application.revision, awaited.commit)
    only_left = bool(application.left) and set(application.drift) <= set(application.left)
    return application.sync == "Synced" or (is_over and only_left)


def _left(application: Application) -> str:
    """What is to be said of it, "" if there is nothing."""
    if application.sync == "Synced":
        return ""
    what = _listed(application.left)
    return f"{application.sync}: {what} (the branch has it no more, and it is kept: delete it by hand)"


def _named(awaited: AwaitedCommit, image: ImageRef | None) -> str:
    if image is None:
        return "the app's workload"
    if image.digest == awaited.image.member_of(image).digest:
        return ""
    return f"the app's workload to name {awaited.image.tag} (it names {image.tag or image})"


def _rollout(rollout: verdict.RolloutVerdict) -> str:
    return f"the rollout: {rollout.waits_for}" if rollout.kind == verdict.WAITING else ""


def _listed(names: Sequence[str]) -> str:
    """The first three, and how many more."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more if names else "no more is said"
