"""The drills of the pull path: a release branch to its environment, by a commit that Argo CD finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from aks_flow.rehearsal.scenarios.drills import faults, pull_cluster_drills, workload_drills
from aks_flow.rehearsal.scenarios.drills.context import DrillContext
from aks_flow.rehearsal.scenarios.drills.drill import PULL, Drill, Expected, TaskAnswer
from aks_flow.rehearsal.scenarios.drills.pull_delivery import (
    deliver,
    deliver_words,
    delivered,
    repair,
    repaired,
    wait,
)
from aks_flow.rehearsal.scenarios.drills.workload_drills import SHORT
from aks_flow.rehearsal.standins.argocd import argocd_process
from aks_flow.rollout.verdict import reasons


@contextmanager
def _hook(context: DrillContext, *lines: str) -> Iterator[None]:
    """What the git server does with each push before it takes or refuses it, in the lines of a shell."""
    hook = Path(context.config.destination.repository) / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    hook.chmod(0o755)
    try:
        yield
    finally:
        hook.unlink()


def _push_refused(context: DrillContext) -> TaskAnswer:
    """The git server takes no push, as with a protected branch."""
    refuse = ("echo 'this branch is protected' >&2", "exit 1")
    with repaired(context), context.published_change(PULL), _hook(context, *refuse):
        return deliver(context)


def _operator_stopped(context: DrillContext) -> TaskAnswer:
    """Nobody acts on the commit."""
    argocd_process.stop(context.config)
    try:
        with context.published_change(PULL):
            context.tasks.need(deliver(context))
            return wait(context, **SHORT)
    finally:
        argocd_process.ensure(context.delivery.run, context.config)
        repair(context)


def _hung_sync(context: DrillContext) -> TaskAnswer:
    """A StatefulSet of an early wave is never ready, so that its sync has no end but the way back."""
    edit = faults.in_container(context.projects[PULL].stateful, faults.NEVER_READY)
    environment = context.environment(PULL)
    with repaired(context), context.faulty_overlay(PULL, edit):
        context.publish()
        context.tasks.need(deliver(context))
        answer = context.tasks.inv("gitops.wait", environment, "--undo", **SHORT)
        context.tasks.need(context.tasks.inv("gitops.release-hold", environment))
        return answer


def _unreadable(context: DrillContext) -> TaskAnswer:
    """Argo CD is told to read a repository that is not there, or not for it."""
    nowhere = {"INVOKE_TARGETS_CLUSTER_REPOSITORY": f"{context.config.destination.repository}-not-there"}
    try:
        with context.published_change(PULL):
            context.tasks.need(deliver(context))
            context.tasks.need(context.tasks.inv("argocd.apply", **nowhere))
            return wait(context)
    finally:
        context.tasks.need(context.tasks.inv("argocd.apply"))
        repair(context)


def _refused_kind(context: DrillContext) -> TaskAnswer:
    """A commit with an object of a kind that the AppProject does not permit."""
    with repaired(context), context.faulty_overlay(PULL, faults.with_secret):
        context.publish()
        return deliver(context)


def _killed(context: DrillContext) -> TaskAnswer:
    """kill -9 while the git server looks at the push; then the same command again."""
    mark = context.log.with_name("drill-push-arrived")
    mark.unlink(missing_ok=True)
    with repaired(context), context.published_change(PULL):
        with _hook(context, f"touch '{mark}'", "sleep 1"):
            context.tasks.kill(mark.exists, "the push to arrive", *deliver_words(context))
        sent, waited = deliver(context), wait(context)
        error, seconds = sent.error + waited.error, sent.seconds + waited.seconds
        return TaskAnswer(sent.exit or waited.exit, waited.document, error, seconds)


_HUNG = replace(Expected.verdict(reasons.NEVER_READY, 90), undone="restored")
_REFUSED = "its project does not permit it"

DRILLS = (
    *workload_drills.drills(PULL, delivered, faults.in_helper),
    *pull_cluster_drills.DRILLS,
    Drill("push-refused", PULL, Expected(1, 20, error="this branch is protected"), _push_refused),
    Drill("operator-stopped", PULL, Expected.verdict(reasons.DEADLINE, 30), _operator_stopped),
    Drill("hung-sync", PULL, _HUNG, _hung_sync, workload_drills.lacks_stateful_set),
    Drill("unreadable-repository", PULL, Expected(1, 60, error="Argo CD cannot read"), _unreadable),
    Drill(
        "refused-kind", PULL, Expected(1, 20, error=_REFUSED), _refused_kind, workload_drills.lacks_overlay
    ),
    Drill("killed", PULL, Expected(0, 60), _killed),
)
