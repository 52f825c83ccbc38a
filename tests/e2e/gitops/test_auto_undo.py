"""A bad commit on the pull path takes itself back: a commit with a hold, waited for as any other."""

import json
from dataclasses import replace

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitops.auto_undo import wait_or_undo
from aks_flow.gitops.deliver import deliver
from aks_flow.gitops.wait import trouble
from aks_flow.rollout.watch import poll
from aks_flow.rollout.watch.failure import BadVerdict
from tests.e2e.gitops.argo import Scripted
from tests.e2e.gitops.world import World
from tests.unit.gitops.objects import application, deployment, digest, namespace, pod, replica_set

OLD, NEW = (
    ImageRef("localhost:5050", "front", f"0.1.0-alpha.{n}", digest(f"front:0.1.0-alpha.{n}")) for n in (1, 2)
)
MISSING = {"reason": "ErrImagePull", "message": "code = NotFound: front: not found"}
BAD = [deployment(NEW, available=0), replica_set(NEW), pod("front-1", NEW, False, MISSING)]


class Follows(Scripted):
    """An Argo CD that has synced whatever the branch says: the bad version is not well, any other is."""

    def __init__(self, world: World, meanwhile=lambda: None):
        super().__init__([({}, [])], {"get events": json.dumps({"kind": "List", "items": []})})
        self._world, self._meanwhile, self._bad = world, meanwhile, world.tip()

    @property
    def now(self):
        tip = self._world.tip()
        return (application(tip), BAD if tip == self._bad else namespace(OLD))

    def _answer(self, words: str) -> str:
        if words.startswith("get events"):
            self._meanwhile()
        return super()._answer(words)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(poll, "PAUSE", 0.001)


def deliver_both(world: World) -> None:
    for version in (OLD.tag, NEW.tag):
        world.publish(version)
        deliver(world.context, "dev", version)


def bad_verdict(world: World) -> BadVerdict:
    with pytest.raises(BadVerdict) as bad:
        wait_or_undo(world.context, "dev", "", lambda text: None)
    assert bad.value.exit_code == 10
    return bad.value


def test_a_bad_commit_is_taken_back_and_held_and_the_one_before_is_waited_for(world):
    deliver_both(world)
    world.run = Follows(world)
    verdict = bad_verdict(world)
    assert verdict.undone.status == "restored"
    assert verdict.next_step.startswith("It is back at 0.1.0-alpha.1, which runs, and is held: ")
    assert world.pin() == OLD.tag
    assert world.show("dev/hold.yaml") == "reason: '0.1.0-alpha.2: image-not-found'"


def test_a_newer_commit_is_not_taken_back_with_it(world):
    deliver_both(world)
    world.publish("0.1.0-alpha.3")
    pushed = []

    def meanwhile() -> None:
        if not pushed:
            pushed.append(deliver(world.context, "dev", "0.1.0-alpha.3"))

    world.run = Follows(world, meanwhile)
    assert bad_verdict(world).undone.text == "It is left as it is: its branch has a newer commit."
    assert world.pin() == "0.1.0-alpha.3"


def test_a_first_commit_has_nothing_to_go_back_to(world):
    world.publish(NEW.tag)
    deliver(world.context, "dev", NEW.tag)
    world.run = Follows(world)
    verdict = bad_verdict(world)
    assert verdict.undone.status == "failed" and "Taking it back failed, too: " in verdict.undone.text
    assert world.pin() == NEW.tag


class Refuses(Follows):
    """The same, but that the sync of the bad version failed."""

    @property
    def now(self):
        tip = self._world.tip()
        if tip != self._bad:
            return (application(tip), namespace(OLD))
        return (application(tip, "OutOfSync", phase="Failed", message="exceeded quota"), namespace(OLD))


def test_a_commit_whose_sync_failed_is_taken_back_too(world, monkeypatch):
    monkeypatch.setattr(trouble, "GRACE", 0)
    deliver_both(world)
    world.run = Refuses(world)
    with pytest.raises(BadVerdict, match="apply-failed: the sync failed: exceeded quota") as bad:
        wait_or_undo(world.context, "dev", "", lambda text: None)
    assert (bad.value.exit_code, bad.value.undone.status) == (20, "restored")
    assert world.pin() == OLD.tag


class Stands(Follows):
    """An Argo CD that has not seen the commit: its controller does not run."""

    @property
    def now(self):
        return (application(""), namespace(OLD))


def test_a_commit_that_nobody_has_tried_stays(world):
    deliver_both(world)
    world.run = Stands(world)
    context = replace(world.context, config=replace(world.config, deadline=0))
    with pytest.raises(BadVerdict, match="it still waits for Argo CD to see commit") as late:
        wait_or_undo(context, "dev", "", lambda text: None)
    assert (late.value.exit_code, late.value.undone) == (17, None)
    assert world.pin() == NEW.tag
