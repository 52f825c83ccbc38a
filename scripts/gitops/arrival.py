"""Waiting until a commit of the branch is what an environment runs."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from scripts import wait
from scripts.delivery import Delivery
from scripts.errors import AksFlowError
from scripts.gitops import goal as goals
from scripts.gitops.branch import open_branch
from scripts.gitops.lineage import Goal
from scripts.gitops.verdict import ARRIVED, FAILED, Verdict
from scripts.gitops.watch import Watch
from scripts.image import ImageRef
from scripts.version import Version

PAUSE = 0.5  # seconds between two looks: each costs two kubectl processes


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


def arrive(delivery: Delivery, environment: str, revision: str, tell: Callable[[str], None]) -> Arrival:
    """Wait until the commit is synced, runs everywhere and is healthy; see `goal.read` for ``revision``.

    AksFlowError with the pods' evidence if it fails, if an older version takes its place, or at the deadline.
    """
    began, seconds = time.monotonic(), delivery.config.deadline
    delivery.config.environment(environment)
    branch = open_branch(delivery.run, delivery.config, history=True)
    goal = goals.read(branch, environment, revision)
    watch = Watch(delivery, branch, goal, tell)
    try:
        found = wait.until(watch.look, "the sync", seconds, PAUSE)
    except wait.DeadlineError as error:
        what = f"after {seconds} s {environment} still waits for {watch.waits_for}"
        raise _failure(what, goal, watch) from error
    if found.kind == FAILED:
        raise _failure(f"{environment} fails with {goal.image.tag}: {found.text}", goal, watch)
    return Arrival(environment, goal.image, goal.commit, time.monotonic() - began, _newer(goal, found))


def _newer(goal: Goal, found: Verdict) -> str:
    """The version that took over, "" if none did; AksFlowError if it is an older one: that was an undo."""
    if found.kind == ARRIVED:
        return ""
    if Version.parse(found.text) < Version.parse(goal.image.tag):
        what = f"{goal.environment} was taken back from {goal.image.tag} to {found.text}"
        raise AksFlowError(what, next_step="`./inv gitops.status` shows the hold and its reason.")
    return found.text


def _failure(what: str, goal: Goal, watch: Watch) -> AksFlowError:
    seen = "".join(f"\n    {line}" for line in watch.evidence().splitlines())
    step = f"`./inv gitops.undo {goal.environment}` takes it back and holds it."
    return AksFlowError(f"{what}{seen}\n" if seen else what, next_step=step)
