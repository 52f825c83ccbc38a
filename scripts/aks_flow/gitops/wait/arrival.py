"""Waiting until a commit of the branch is what an environment runs."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.wait import app_answers, awaited_commit, old_config
from aks_flow.gitops.wait.awaited_commit import AwaitedCommit
from aks_flow.gitops.wait.verdict import (
    ARRIVED,
    BROKEN,
    DEGRADED,
    OVERTAKEN,
    SYNC_FAILED,
    TAKEN_BACK,
    UNREADABLE,
    UNSYNCED,
    UNTRIED,
    WAITING,
    ArrivalVerdict,
)
from aks_flow.gitops.wait.watch import ArrivalWatch, ask_to_look
from aks_flow.image import names
from aks_flow.rollout import contract_proof, version_skew
from aks_flow.rollout.verdict import digests, reasons
from aks_flow.rollout.watch import evidence
from aks_flow.rollout.watch.decision import Sources, decide
from aks_flow.rollout.watch.evidence import RolloutFinding
from aks_flow.rollout.watch.failure import BadVerdict, command_failure
from aks_flow.rollout.watch.watch import ADDED, Observation
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import argocd
from aks_flow.tools.kubectl import Kubectl

EVIDENCE = "the evidence of a bad version"
_ACCESS = "Give it access, as docs/argocd.md says; nothing needs to be delivered again."


class Untried(BadVerdict):
    """At the deadline Argo CD had not begun to sync the commit: it may be good or bad."""


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


def wait_for_arrival(
    context: DeliveryContext, environment: str, revision: str, tell: Callable[[str], None]
) -> Arrival:
    """Wait until the commit is synced, all of its workloads are well, and the app answers.

    revision: see `awaited_commit.read`. BadVerdict with the evidence if the workloads are bad, or if an older
    version takes the commit's place; AksFlowError if it cannot be synced.
    """
    began = time.monotonic()
    cluster = context.cluster(environment)
    branch = open_branch(context.run, context.config, history=True)
    awaited = awaited_commit.read(branch, environment, revision)
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(ask_to_look, context, awaited)  # Argo CD looks while kustomize is asked
        goal = awaited_commit.goal_of(branch, awaited, cluster.namespace)
    goal = replace(goal, tolerant=bool(context.config.environment(environment).tolerate))
    try:
        with version_skew.announced(context.run, cluster, tell):
            watch = ArrivalWatch(context, branch, awaited, goal, tell, asked.result())
            verdict = _final_verdict(context, watch, awaited)
    except CommandFailed as error:
        raise _silence(environment, error) from error
    if verdict.kind == ARRIVED:
        _verify(context, awaited, watch.seen)
        if verdict.text:
            tell(f"{environment}: Argo CD still says {verdict.text}")
        _tidy(context, cluster, watch, tell)
    newer = verdict.text if verdict.kind == OVERTAKEN else ""
    return Arrival(environment, awaited.image, awaited.commit, time.monotonic() - began, newer)


def _tidy(
    context: DeliveryContext, cluster: Kubectl, watch: ArrivalWatch, tell: Callable[[str], None]
) -> None:
    """Remove what earlier commits left. That it may not be removed does not make the commit bad."""
    try:
        gone = old_config.remove(context.run, cluster, argocd.parse(watch.application()))
    except CommandFailed as error:
        tell(f"old ConfigMaps could not be removed: {error.in_one_line}")
        return
    if gone:
        tell(f"removed what no pod needs any more: {', '.join(gone)}")


def _final_verdict(
    context: DeliveryContext,
    watch: ArrivalWatch,
    awaited: AwaitedCommit,
) -> ArrivalVerdict:
    """ARRIVED or OVERTAKEN; any other end is raised."""
    seconds = context.config.deadline

    def look(items: list[dict]) -> ArrivalVerdict | None:
        overdue = watch.clock() >= seconds + watch.longer
        verdict = watch.look(items, overdue)
        return verdict if verdict.kind != WAITING or overdue else None

    watch.expect_application()
    sources = Sources(context.run, watch.commands(seconds + ADDED), watch.ask)
    verdict = decide(sources, watch.clock, look, watch.say)
    if verdict.kind in (ARRIVED, OVERTAKEN):
        return verdict
    raise _failure(context, awaited, watch, verdict)


def _silence(environment: str, error: CommandFailed) -> AksFlowError:
    """Without an answer nothing is known about the commit: that is no verdict on it."""
    if not error.unanswered:
        return error
    findings = (command_failure("the cluster", error),)
    return BadVerdict(environment, findings, _left_step(environment))


def _left_step(environment: str) -> str:
    return f"It is left as it is, good or bad: `./inv gitops.wait {environment}` looks again."


def _failure(
    context: DeliveryContext, awaited: AwaitedCommit, watch: ArrivalWatch, verdict: ArrivalVerdict
) -> AksFlowError:
    environment, tag = awaited.environment, awaited.image.tag
    step = _undo_step(awaited)
    if verdict.kind == UNREADABLE:
        what = f"Argo CD cannot read {context.config.gitops.branch} of its repository: {verdict.text}"
        return AksFlowError(what, where=environment, next_step=_ACCESS)
    again = f"{step} Once its cause is gone, `./inv gitops.sync {environment}` has it tried again."
    if verdict.kind == UNSYNCED:
        return AksFlowError(f"{environment} fails with {tag}: {verdict.text}", next_step=again)
    if verdict.kind == TAKEN_BACK:
        what = f"{environment} was taken back from {tag} to {verdict.text}"
        shown_by = "`./inv gitops.status` shows the hold and its reason."
        return BadVerdict(environment, (RolloutFinding(reasons.OVERWRITTEN, "the branch", what),), shown_by)
    cluster = context.cluster(environment)
    if verdict.kind == BROKEN:
        watch.say(EVIDENCE)
        return BadVerdict(environment, evidence.gather(context.run, cluster, watch.seen), step)
    findings = (_argocd_finding(context, cluster.namespace, verdict),)
    if verdict.kind == UNTRIED:
        return Untried(environment, findings, next_step=_left_step(environment))
    return BadVerdict(environment, findings, again if verdict.kind == SYNC_FAILED else step)


def _argocd_finding(context: DeliveryContext, application: str, verdict: ArrivalVerdict) -> RolloutFinding:
    """What Argo CD alone finds bad, or what it still lacks at the deadline."""
    place = f"application/{application}"
    if verdict.kind == DEGRADED:
        return RolloutFinding(reasons.NEVER_READY, place, verdict.text)
    if verdict.kind == SYNC_FAILED:
        return RolloutFinding(reasons.APPLY_FAILED, place, verdict.text)
    late = f"after {context.config.deadline} s it still waits for {verdict.text}"
    return RolloutFinding(reasons.DEADLINE, place, late)


def _undo_step(awaited: AwaitedCommit) -> str:
    return f"`./inv gitops.undo {awaited.environment}` takes it back and holds it."


def _verify(context: DeliveryContext, awaited: AwaitedCommit, seen: Observation) -> None:
    """The same as after a push: the pods' digests, the app's version, the checks."""
    config, cluster = context.config, context.cluster(awaited.environment)
    findings = contract_proof.of_images(digests.read(seen.facts, awaited.image))
    is_version = partial(names.is_version, context.registry)
    findings = findings or app_answers.findings(
        context.run, cluster, config.contract, config.smoke, awaited.image, is_version
    )
    if findings:
        raise BadVerdict(awaited.environment, findings, _undo_step(awaited))
