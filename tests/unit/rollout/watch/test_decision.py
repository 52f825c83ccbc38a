"""The last word of a rollout: what a fresh look says, and never what was seen before a silence."""

import json
from contextlib import contextmanager
from functools import partial

import pytest

from aks_flow.core.command import Result
from aks_flow.core.patience import Patient
from aks_flow.core.runner import CommandFailed
from aks_flow.rollout.verdict.goal import GoalTarget, RolloutGoal
from aks_flow.rollout.watch import decision, poll, stream, watch
from aks_flow.rollout.watch.snapshot import AnsweredClock
from aks_flow.tools.kubectl import Kubectl, get
from tests.unit import server_time
from tests.unit.rollout.verdict.objects import deployment, event, pod, replica_set, rolled_out
from tests.unit.stateful_pods import PODS, redis

CLUSTER = Kubectl(context="c", namespace="shop")
GOAL = RolloutGoal("shop", (GoalTarget("Deployment", "web"),))
AWAY = Result(1, b"", b"The connection to the server 10.0.0.1:6443 was refused")
UNREADY = [deployment(1, 1, 0), replica_set(), pod(ready=False)]
MISSING = {"waiting": {"reason": "ErrImagePull", "message": "code = NotFound: web: not found"}}
NOT_FOUND = [deployment(1, 1, 0), replica_set(), pod(ready=False, state=MISSING)]


class Time:
    """A clock that moves on with every answer and every silence."""

    def __init__(self):
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Asked:
    """A server that is asked: each answer comes 5 s after the one before. None: it is away."""

    def __init__(self, time: Time, *answers: list[dict] | None):
        self.time, self.answers = time, list(answers)

    def run(self, command) -> Result:
        if server_time.is_asked(command):
            return server_time.told()
        self.time.now += 5
        items = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if items is None:
            raise CommandFailed(command, AWAY)
        return Result(0, json.dumps({"kind": "List", "items": items}).encode(), b"")


@pytest.fixture
def time(monkeypatch) -> Time:
    time = Time()
    monkeypatch.setattr(poll, "PAUSE", 0)
    monkeypatch.setattr(watch, "AnsweredClock", partial(AnsweredClock, time))
    return time


SILENT = [None] * 6
DAYS = {
    # what the server says, one answer every 5 s: the verdict at a deadline of 20 s
    "away at the deadline, and well by then": ([UNREADY, UNREADY, *SILENT, rolled_out()], "good"),
    "away at the deadline, and ready a moment later": ([UNREADY, *SILENT, UNREADY, rolled_out()], "good"),
    "away for long, and not ready within the time that is left": ([UNREADY, *SILENT, UNREADY], "bad"),
    "well, away, and crashing": ([rolled_out(), None, NOT_FOUND], "bad"),
    "bad, away for a moment, and still bad": ([NOT_FOUND, None, NOT_FOUND], "bad"),
    "bad at first sight and good at the second": ([NOT_FOUND, rolled_out()], "good"),
}


@pytest.mark.parametrize(("answers", "kind"), DAYS.values(), ids=DAYS)
def test_time_without_an_answer_does_not_count_and_the_last_look_decides(time, answers, kind):
    notes = []
    seen = watch.watch(Patient(Asked(time, *answers)), CLUSTER, GOAL, 20, notes.append)
    assert seen.verdict.kind == kind
    assert ("the cluster to answer" in notes) == (answers.count(None) > 1)


def test_a_look_that_asks_something_itself_decides_nothing_while_nobody_answers(time):
    answers = [AWAY, None, AWAY, None, None]

    def look(items: list[dict]) -> str:
        if answers.pop(0):
            raise CommandFailed(get.existing(CLUSTER), AWAY)
        return "good"

    server = Asked(time, UNREADY)
    sources = decision.Sources(server, {}, lambda: [server.run(get.existing(CLUSTER))])
    assert decision.decide(sources, AnsweredClock(time), look, lambda text: None) == "good"
    assert answers == []


NO_NODE = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/2 nodes"}
SCALING = [
    *(deployment(1, 1, 0), replica_set(), pod(ready=False, state={"waiting": {}}, conditions=[NO_NODE])),
    event("uid-web-new-1", "TriggeredScaleUp", "pod triggered scale-up: 2->3"),
]


@pytest.mark.parametrize(("looks", "kind"), [(60, "good"), (65, "bad")])
def test_a_node_that_is_being_added_has_five_minutes_more(time, looks, kind):
    """A look every 5 s, and a deadline of 20 s."""
    answers = [*[SCALING] * looks, rolled_out()]
    assert watch.watch(Asked(time, *answers), CLUSTER, GOAL, 20, print).verdict.kind == kind


def test_a_server_that_stays_away_is_no_verdict(time, monkeypatch):
    monkeypatch.setattr(poll, "TRIES", 3)
    with pytest.raises(CommandFailed, match="was refused") as raised:
        watch.watch(Asked(time, UNREADY, None), CLUSTER, GOAL, 20, print)
    assert raised.value.unanswered


class Deleting(Asked):
    """A server that takes deletions, too."""

    deleted = ()

    def run(self, command) -> Result:
        if "delete" in command.argv:
            self.deleted = (*self.deleted, " ".join(command.argv[3:]))
            return Result(0, b"", b"")
        return super().run(command)


@pytest.mark.parametrize(
    ("generation", "deleted"),
    [(1, ("delete --raw=/api/v1/namespaces/shop/pods/c --filename=-",)), (0, ())],
)
def test_what_keeps_a_stateful_set_from_a_new_revision_goes_where_one_was_applied(time, generation, deleted):
    item = redis()
    item["spec"] |= {"replicas": 1, "template": {}}
    goal = RolloutGoal("shop", (GoalTarget("StatefulSet", "redis", generation),))
    server = Deleting(time, [item, *PODS])
    assert watch.watch(server, CLUSTER, goal, 20, lambda text: None).verdict.kind == "bad"
    assert server.deleted == deleted


class Hanging(Asked):
    """A server whose watches showed their beginning, and nothing since: the connection hangs."""

    def __init__(self, time: Time, shown: list[dict], *answers: list[dict] | None):
        super().__init__(time, *answers)
        self.shown = shown

    @contextmanager
    def follow(self, command, hear):
        for item in (item for item in self.shown if f"/{item['kind'].lower()}s?" in str(command)):
            hear(json.dumps({"type": "ADDED", "object": item}).encode())
        yield


@pytest.mark.parametrize(
    ("shown", "now", "kind"),
    [(NOT_FOUND, rolled_out(), "good"), (rolled_out(), NOT_FOUND, "bad")],
    ids=["what was bad is good", "what was good is bad"],
)
def test_a_watch_that_hangs_says_nothing_so_that_the_server_is_asked(time, monkeypatch, shown, now, kind):
    monkeypatch.setattr(stream, "TICK", 0.01)
    seen = watch.watch(Hanging(time, shown, None, now), CLUSTER, GOAL, 600, print)
    assert seen.verdict.kind == kind
