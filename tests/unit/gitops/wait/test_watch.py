"""Waiting for a commit while the API server gives no answer."""

import json

import pytest

from aks_flow.core import patience
from aks_flow.core.command import Result
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.patience import patient
from aks_flow.core.runner import CommandFailed
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitops.wait.lineage import AwaitedCommit
from aks_flow.gitops.wait.watch import ArrivalWatch
from aks_flow.rollout.verdict.goal import RolloutGoal
from aks_flow.target.delivery import DeliveryContext

AWAY = Result(1, b"", b"The connection to the server 10.0.0.1:6443 was refused")
APPLICATION = {"kind": "Application", "metadata": {"name": "vote-dev"}}


class AwayAtFirst:
    """A server that answers from its second answer on."""

    def __init__(self):
        self.asked = 0

    def run(self, command) -> Result:
        self.asked += 1
        if self.asked == 1:
            raise CommandFailed(command, AWAY)
        return Result(0, json.dumps(APPLICATION).encode(), b"")


@pytest.fixture
def watch(config, monkeypatch) -> ArrivalWatch:
    monkeypatch.setattr(patience, "PAUSE", 0)
    context = DeliveryContext(patient(AwayAtFirst()), registry=None, config=config, steps=Steps(Silent()))
    awaited = AwaitedCommit("dev", "1" * 40, ImageRef("localhost:5050", "front", "1.5.0"))
    return ArrivalWatch(context, None, awaited, RolloutGoal("vote-dev", ()), pytest.fail)


def test_the_wait_begins_although_nobody_answers_for_a_moment(watch):
    assert watch.application() == APPLICATION


def test_a_look_does_not_ask_again_since_the_time_would_count(watch):
    with pytest.raises(CommandFailed):
        watch.ask()
