"""The drills of the pull path: a release branch to staging, by a commit that Argo CD finds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.errors import AksFlowError
from scripts.rehearsal.argocd import process as argocd
from scripts.rehearsal.drill import faults
from scripts.rehearsal.drill.closed_registry import closed
from scripts.rehearsal.drill.drill import PULL, Drill, Expected, Said
from scripts.rehearsal.drill.stage import Stage
from scripts.rehearsal.story.pulling import ENVIRONMENT
from scripts.rollout import reasons

_DELIVER = ("gitops.deliver", ENVIRONMENT)
_WAIT = ("gitops.wait", ENVIRONMENT)
_TITLE = "manifests/base/front/front.env"
_SHORT = {"INVOKE_DEADLINE": "15"}  # seconds: for faults that only the deadline ends


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


def _missing_image(stage: Stage) -> Said:
    return _delivered(stage, faults.helper(f"{stage.config.destination.registry}/helper:missing"))


def _crash_loop(stage: Stage) -> Said:
    return _delivered(stage, faults.CRASH)


def _never_ready(stage: Stage) -> Said:
    return _delivered(stage, faults.NEVER_READY, **_SHORT)


def _redis_away(stage: Stage) -> Said:
    return _delivered(stage, faults.no_redis(), **_SHORT)


def _pull_refused(stage: Stage) -> Said:
    with closed(stage.hands.run, stage.config) as registry:
        return _delivered(stage, faults.helper(f"{registry}/helper:1"))


def _push_refused(stage: Stage) -> Said:
    """The git server takes no push, as with a protected branch."""
    hook = Path(stage.config.destination.repository) / "hooks" / "pre-receive"
    with _changed(stage, _TITLE, faults.title("refused")):
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
        with stage.change(PULL, _TITLE, faults.title("unheard")):
            _published(stage)
            _good(stage, stage.inv(*_DELIVER))
            return stage.inv(*_WAIT, **_SHORT)
    finally:
        argocd.ensure(stage.hands.run, stage.config)
        _repaired(stage, _TITLE)


def _killed(stage: Stage) -> Said:
    """kill -9 as soon as the delivery has begun; then the same command again."""
    with _changed(stage, _TITLE, faults.title("after a kill")):
        stage.killed("ok ", *_DELIVER)
        said = stage.inv(*_DELIVER)
        waited = stage.inv(*_WAIT)
        return Said(said.exit or waited.exit, said.text + waited.text, said.seconds + waited.seconds)


DRILLS = (
    Drill("missing-image", PULL, Expected.verdict(reasons.IMAGE_NOT_FOUND, 30), _missing_image),
    Drill("crash-loop", PULL, Expected.verdict(reasons.CRASH_LOOP, 40), _crash_loop),
    Drill("never-ready", PULL, Expected.verdict(reasons.NEVER_READY, 40), _never_ready),
    Drill("redis-away", PULL, Expected.verdict(reasons.NEVER_READY, 40), _redis_away),
    Drill("registry-401", PULL, Expected.verdict(reasons.IMAGE_PULL_DENIED, 30), _pull_refused),
    Drill("push-refused", PULL, Expected(1, 20, words="this branch is protected"), _push_refused),
    Drill("operator-stopped", PULL, Expected.verdict(reasons.DEADLINE, 30), _operator_stopped),
    Drill("killed", PULL, Expected(0, 60), _killed),
)
