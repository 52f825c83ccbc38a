"""Waiting until a commit of the branch is what an environment runs."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Follower
from aks_flow.gitflow.version import Version
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.wait import goal as goals
from aks_flow.gitops.wait.lineage import Goal
from aks_flow.gitops.wait.verdict import ARRIVED, BROKEN, FAILED, SUPERSEDED, WAITING, Verdict
from aks_flow.gitops.wait.watch import Watch
from aks_flow.rollout import smoke, version_skew
from aks_flow.rollout.verdict import reasons
from aks_flow.rollout.watch import evidence
from aks_flow.rollout.watch import watch as watching
from aks_flow.rollout.watch.evidence import RolloutFinding
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.target.delivery import DeliveryContext


@dataclass(frozen=True)
class Arrival:
    """``commit`` with ``image`` runs, or the newer version ``superseded_by`` took its place."""

    environment: str
    image: ImageRef
    commit: str
    seconds: float
    superseded_by: str = ""

    def __str__(self) -> str:
        if self.superseded_by:
            return f"{self.environment}: superseded by {self.superseded_by}"
        what = f"runs {self.image.tag} ({self.image.digest[:19]}), commit {self.commit[:12]}"
        return f"{self.environment}: {what}, after {self.seconds:.1f} s"


def arrive(context: DeliveryContext, environment: str, revision: str, tell: Callable[[str], None]) -> Arrival:
    """Wait until the commit is synced, all of it is well and answers; see `goal.read` for ``revision``.

    BadVerdict with the evidence if it is not, or if an older version takes its place; AksFlowError if it
    cannot be synced.
    """
    began = time.monotonic()
    context.config.environment(environment)
    branch = open_branch(context.run, context.config, history=True)
    goal = goals.read(branch, environment, revision)
    workloads = goals.workloads(branch, goal, context.cluster(environment).namespace)
    with version_skew.announced(context.run, context.cluster(environment), tell):
        found = _watched(context, Watch(context, branch, goal, workloads, tell), goal)
    newer = _newer(goal, found)
    if not newer:
        _smoke(context, goal)
    return Arrival(environment, goal.image, goal.commit, time.monotonic() - began, newer)


def _watched(context: DeliveryContext, watch: Watch, goal: Goal) -> Verdict:
    """ARRIVED or SUPERSEDED."""
    seconds, began = context.config.deadline, time.monotonic()
    follows = isinstance(context.run, Follower)
    if follows:
        watch.application()  # what is not there would be followed in vain
    with watching.snapshots(context.run, watch.commands(seconds), watch.ask) as source:
        for items in source:
            overdue = time.monotonic() - began >= seconds
            found = watch.look(items, overdue)
            if follows and found.kind in (ARRIVED, BROKEN):  # the Application may be ahead of the workloads
                found = watch.look(watch.ask(), overdue)
            if found.kind in (ARRIVED, SUPERSEDED):
                return found
            if found.kind != WAITING or overdue:
                raise _failure(context, goal, watch, found)
    raise AssertionError("snapshots do not end")


def _failure(context: DeliveryContext, goal: Goal, watch: Watch, found: Verdict) -> AksFlowError:
    step = _next_step(goal)
    if found.kind == FAILED and not found.text.startswith("Degraded"):
        return AksFlowError(f"{goal.environment} fails with {goal.image.tag}: {found.text}", next_step=step)
    if found.kind == BROKEN:
        cluster = context.cluster(goal.environment)
        return BadVerdict(goal.environment, evidence.gather(context.run, cluster, watch.seen), step)
    place = f"application/{context.cluster(goal.environment).namespace}"
    reason = reasons.NEVER_READY if found.kind == FAILED else reasons.DEADLINE
    late = f"after {context.config.deadline} s it still waits for {found.text}"
    text = found.text if found.kind == FAILED else late
    return BadVerdict(goal.environment, (RolloutFinding(reason, place, text),), step)


def _next_step(goal: Goal) -> str:
    return f"`./inv gitops.undo {goal.environment}` takes it back and holds it."


def _smoke(context: DeliveryContext, goal: Goal) -> None:
    """The same checks as after a push."""
    app, cluster = context.config.app.name, context.cluster(goal.environment)
    failed = smoke.failures(context.run, cluster, app, context.config.smoke)
    if failed:
        found = tuple(RolloutFinding(reasons.SMOKE_FAILED, f"service/{app}", text) for text in failed)
        raise BadVerdict(goal.environment, found, _next_step(goal))


def _newer(goal: Goal, found: Verdict) -> str:
    """The version that took over, "" if none did; BadVerdict if it is an older one: that was an undo."""
    if found.kind == ARRIVED:
        return ""
    if Version.parse(found.text) < Version.parse(goal.image.tag):
        what = f"{goal.environment} was taken back from {goal.image.tag} to {found.text}"
        finding = RolloutFinding(reasons.OVERWRITTEN, "the branch", what)
        step = "`./inv gitops.status` shows the hold and its reason."
        raise BadVerdict(goal.environment, (finding,), step)
    return found.text
