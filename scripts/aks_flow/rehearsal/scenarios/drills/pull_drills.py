"""The drills of the pull path: a release branch to staging, by a commit that Argo CD finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios.drills import faults, workload_drills
from aks_flow.rehearsal.scenarios.drills.context import DrillContext
from aks_flow.rehearsal.scenarios.drills.drill import PULL, Drill, Expected, TaskAnswer
from aks_flow.rehearsal.scenarios.drills.workload_drills import SHORT, TITLE
from aks_flow.rehearsal.scenarios.push_and_pull.pull_path import ENVIRONMENT
from aks_flow.rehearsal.standins.argocd import argocd_process
from aks_flow.rollout.verdict import reasons

_DELIVER = ("gitops.deliver", ENVIRONMENT)
_WAIT = ("gitops.wait", ENVIRONMENT)


def _publish(context: DrillContext) -> None:
    _need(context, context.inv("image.push"))


def _need(context: DrillContext, answer: TaskAnswer) -> None:
    """AksFlowError if a step of the drill itself failed."""
    if answer.exit:
        raise AksFlowError(
            f"a step of the drill itself failed: {answer.error.rstrip('.')}",
            next_step=f"Its output is in {context.log}.",
        )


def _delivered(context: DrillContext, edit: faults.Edit, **settings: str) -> TaskAnswer:
    """What waiting for the commit says; afterwards the environment is well again."""
    with _changed(context, context.overlay(PULL), edit):
        _need(context, context.inv(*_DELIVER))
        return context.inv(*_WAIT, **settings)


@contextmanager
def _changed(context: DrillContext, file: str, edit: faults.Edit) -> Iterator[None]:
    """A version with the change, published; then one without it, delivered."""
    try:
        with context.change(PULL, file, edit):
            _publish(context)
            yield
    finally:
        _repair(context)


def _repair(context: DrillContext) -> None:
    """Deliver the commit that took the change back: a version of its own."""
    with context.release():
        _publish(context)
        _need(context, context.inv(*_DELIVER))
        _need(context, context.inv(*_WAIT))


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
    with _changed(context, TITLE, faults.titled("refused")), _hook(context, *refuse):
        return context.inv(*_DELIVER)


def _operator_stopped(context: DrillContext) -> TaskAnswer:
    """Nobody acts on the commit."""
    argocd_process.stop(context.config)
    try:
        with context.change(PULL, TITLE, faults.titled("unheard")):
            _publish(context)
            _need(context, context.inv(*_DELIVER))
            return context.inv(*_WAIT, **SHORT)
    finally:
        argocd_process.ensure(context.delivery.run, context.config)
        _repair(context)


def _killed(context: DrillContext) -> TaskAnswer:
    """kill -9 while the git server looks at the push; then the same command again."""
    mark = context.log.with_name("drill-push-arrived")
    mark.unlink(missing_ok=True)
    with _changed(context, TITLE, faults.titled("after a kill")):
        with _hook(context, f"touch '{mark}'", "sleep 1"):
            context.kill(mark.exists, "the push to arrive", *_DELIVER)
        delivered, waited = context.inv(*_DELIVER), context.inv(*_WAIT)
        error, seconds = delivered.error + waited.error, delivered.seconds + waited.seconds
        return TaskAnswer(delivered.exit or waited.exit, waited.document, error, seconds)


DRILLS = (
    *workload_drills.drills(PULL, _delivered, faults.in_helper),
    Drill("push-refused", PULL, Expected(1, 20, error="this branch is protected"), _push_refused),
    Drill("operator-stopped", PULL, Expected.verdict(reasons.DEADLINE, 30), _operator_stopped),
    Drill("killed", PULL, Expected(0, 60), _killed),
)
