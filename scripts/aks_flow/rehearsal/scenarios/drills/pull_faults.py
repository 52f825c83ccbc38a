"""The drills of the pull path: a release branch to staging, by a commit that Argo CD finds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios.drills import faults, workload_faults
from aks_flow.rehearsal.scenarios.drills.drill import PULL, Drill, Expected, Said
from aks_flow.rehearsal.scenarios.drills.stage import Stage
from aks_flow.rehearsal.scenarios.drills.workload_faults import SHORT, TITLE
from aks_flow.rehearsal.scenarios.push_and_pull.pulling import ENVIRONMENT
from aks_flow.rehearsal.standins.argocd import process as argocd
from aks_flow.rollout.verdict import reasons

_DELIVER = ("gitops.deliver", ENVIRONMENT)
_WAIT = ("gitops.wait", ENVIRONMENT)


def _published(stage: Stage) -> None:
    _good(stage, stage.inv("image.push"))


def _good(stage: Stage, said: Said) -> None:
    if said.exit:
        raise AksFlowError(
            f"a step of the drill itself failed: {said.error.removeprefix('error: ').rstrip('.')}",
            next_step=f"Its output is in {stage.log}.",
        )


def _delivered(stage: Stage, edit: faults.Edit, **settings: str) -> Said:
    """What waiting for the commit says; afterwards the environment is well again."""
    with _changed(stage, stage.overlay(PULL), edit):
        _good(stage, stage.inv(*_DELIVER))
        return stage.inv(*_WAIT, **settings)


@contextmanager
def _changed(stage: Stage, file: str, edit: faults.Edit) -> Iterator[None]:
    """A version with the change, published; then one without it, delivered."""
    try:
        with stage.change(PULL, file, edit):
            _published(stage)
            yield
    finally:
        _repaired(stage, file)


def _repaired(stage: Stage, file: str) -> None:
    """The commit that took the change back, delivered: a version of its own."""
    with stage.release():
        _published(stage)
        _good(stage, stage.inv(*_DELIVER))
        _good(stage, stage.inv(*_WAIT))


def _push_refused(stage: Stage) -> Said:
    """The git server takes no push, as with a protected branch."""
    hook = Path(stage.config.destination.repository) / "hooks" / "pre-receive"
    with _changed(stage, TITLE, faults.title("refused")):
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\necho 'this branch is protected' >&2\nexit 1\n")
        os.chmod(hook, 0o755)
        try:
            return stage.inv(*_DELIVER)
        finally:
            hook.unlink()


def _operator_stopped(stage: Stage) -> Said:
    """Nobody acts on the commit."""
    argocd.stop(stage.config)
    try:
        with stage.change(PULL, TITLE, faults.title("unheard")):
            _published(stage)
            _good(stage, stage.inv(*_DELIVER))
            return stage.inv(*_WAIT, **SHORT)
    finally:
        argocd.ensure(stage.context.run, stage.config)
        _repaired(stage, TITLE)


def _killed(stage: Stage) -> Said:
    """kill -9 as soon as the delivery has begun; then the same command again."""
    with _changed(stage, TITLE, faults.title("after a kill")):
        stage.killed("ok ", *_DELIVER)
        said = stage.inv(*_DELIVER)
        waited = stage.inv(*_WAIT)
        return Said(said.exit or waited.exit, said.text + waited.text, said.seconds + waited.seconds)


DRILLS = (
    *workload_faults.drills(PULL, _delivered, faults.helper),
    Drill("push-refused", PULL, Expected(1, 20, words="this branch is protected"), _push_refused),
    Drill("operator-stopped", PULL, Expected.verdict(reasons.DEADLINE, 30), _operator_stopped),
    Drill("killed", PULL, Expected(0, 60), _killed),
)
