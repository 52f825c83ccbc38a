"""SIGKILL at any step: the remote is at before or after, and the same command again converges."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import replace

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import Local
from aks_flow.gitops.deliver import deliver
from aks_flow.gitops.undo import undo
from tests.e2e.gitops.world import World, git
from tests.e2e.scale import choose

TASKS = {
    "deliver": lambda world: deliver(world.context, "dev", "0.1.0-alpha.3"),
    "undo": lambda world: undo(world.context, "dev", "killed"),
}
AFTER = {"deliver": "0.1.0-alpha.3", "undo": "0.1.0-alpha.1"}


class Doomed(Local):
    """Kills its own process before its command number ``step``, counted from 0, or after a push."""

    def __init__(self, step: int):
        self.left = step

    def run(self, command: Command) -> Result:
        self._count()
        answer = super().run(command)
        if "push" in command.argv:
            self._count()
        return answer

    def _count(self) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1


@pytest.mark.parametrize("task", TASKS)
def test_killed_at_any_step_the_remote_is_before_or_after_and_again_converges(world: World, task):
    for version in ("0.1.0-alpha.1", "0.1.0-alpha.2"):
        world.publish(version)
        deliver(world.context, "dev")
    world.publish("0.1.0-alpha.3")
    before, step, killed = world.tip(), 0, True
    while killed:
        git(world.remote, "update-ref", "refs/heads/gitops", before)
        killed = ended(TASKS[task], replace(world, run=Doomed(step))) == -signal.SIGKILL
        assert world.tip() == before or whole(world, before, AFTER[task]), f"step {step}"
        TASKS[task](world)
        assert whole(world, before, AFTER[task]), f"again after step {step}"
        step += choose(short=5, full=1)
    assert step > 15


def test_killed_while_the_remote_takes_the_push_again_converges(world: World):
    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    world.publish("0.1.0-alpha.3")
    before = world.tip()
    pid = world.folder / "pid"
    hook = world.remote / "hooks" / "pre-receive"
    hook.write_text(f"#!/bin/sh\nkill -9 $(cat {pid})\n")
    hook.chmod(0o755)

    def noted(own: World) -> None:
        pid.write_text(str(os.getpid()))
        TASKS["deliver"](own)

    assert ended(noted, world) == -signal.SIGKILL
    hook.unlink()
    TASKS["deliver"](world)
    assert whole(world, before, AFTER["deliver"])


def ended(call: Callable[[World], object], world: World) -> int:
    """The exit code of a process that makes the call."""
    process = multiprocessing.get_context("fork").Process(target=call, args=(world,))
    process.start()
    process.join()
    return process.exitcode


def whole(world: World, before: str, version: str) -> bool:
    """One sound commit on top, with the wanted pin."""
    git(world.remote, "fsck", "--strict")
    return git(world.remote, "rev-parse", "refs/heads/gitops^") == before and world.pin() == version
