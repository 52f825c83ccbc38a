"""Watches merged into snapshots, with the programs' output played by the test."""

import json
from contextlib import contextmanager

import pytest

from aks_flow.core.command import Result
from aks_flow.core.runner import CommandFailed
from aks_flow.rollout.verdict.goal import GoalTarget, RolloutGoal
from aks_flow.rollout.watch import poll, stream, watch
from aks_flow.rollout.watch.decision import Sources, snapshots
from aks_flow.rollout.watch.snapshot import Snapshot
from aks_flow.rollout.watch.stream import KindWatch, WatchStream
from aks_flow.tools.kubectl import Kubectl, kinds, raw
from tests.unit import server_time

CLUSTER = Kubectl(context="c", namespace="shop")
COMMANDS = {kind: raw.watch(CLUSTER, *kinds.WATCHED[kind], 60) for kind in ("Pod", "Event")}
GONE, FORBIDDEN = Result(0, b"", b""), Result(1, b"", b"Error from server (Forbidden): events is forbidden")


class Played:
    """A runner whose followed commands say what a test puts into their mouths."""

    def __init__(self):
        self.hears, self.begun, self.open = {}, [], 0

    @contextmanager
    def follow(self, command, hear):
        kind = next(kind for kind, watched in COMMANDS.items() if watched == command)
        self.hears[kind] = hear
        self.begun.append(kind)
        self.open += 1
        yield
        self.open -= 1

    def run(self, command):
        raise AssertionError(f"unplanned command: {command}")

    def say(self, kind: str, type: str, name: str, **item) -> None:
        event = {"type": type, "object": {"metadata": {"name": name, "namespace": "shop"}, **item}}
        self.hears[kind](json.dumps(event).encode() + b"\n")


@pytest.fixture
def played(monkeypatch):
    monkeypatch.setattr(stream, "TICK", 0.01)
    monkeypatch.setattr(stream, "AGAIN", 0)
    return Played()


def names(snapshot: Snapshot) -> list[str]:
    return sorted(item["metadata"]["name"] for item in snapshot.items)


def test_changes_of_all_kinds_become_one_picture(played):
    with WatchStream(played, COMMANDS) as source:
        played.say("Pod", "ADDED", "a")
        played.say("Event", "ADDED", "said")
        played.say("Pod", "ADDED", "b")
        assert names(next(source)) == ["a", "b", "said"]
        played.say("Pod", "DELETED", "a")
        played.say("Pod", "MODIFIED", "b", spec={"x": 1})
        assert [item.get("spec") for item in next(source).items if item["kind"] == "Pod"] == [{"x": 1}]
    assert played.open == 0


def test_silence_still_gives_pictures_since_time_decides_too(played):
    with WatchStream(played, COMMANDS) as source:
        assert next(source) == next(source) == Snapshot([])


def test_a_watch_that_the_server_ends_begins_again_and_forgets_what_went_meanwhile(played):
    with WatchStream(played, COMMANDS) as source:
        played.say("Pod", "ADDED", "a")
        played.say("Pod", "ADDED", "b")
        played.hears["Pod"](GONE)
        assert names(next(source)) == ["a", "b"]
        assert played.begun == ["Pod", "Event", "Pod"]
        played.say("Pod", "ADDED", "b")
        assert names(next(source)) == ["b"]


@pytest.mark.parametrize(("end", "seen"), [("Complete", 1), ("Failed", 1), ("Suspended", 0)])
def test_a_job_that_removes_itself_after_its_end_is_seen_at_its_end(end, seen):
    watched = KindWatch("Job", COMMANDS["Pod"])
    status = {"conditions": [{"type": end, "status": "True"}]}
    for type in ("ADDED", "DELETED"):
        watched.take(type, {"metadata": {"name": "migrate"}, "status": status})
    assert len(watched.seen) == seen


def test_events_that_one_may_not_see_are_left_out_and_pods_are_not(played):
    with WatchStream(played, COMMANDS) as source:
        played.hears["Event"](FORBIDDEN)
        assert next(source) == Snapshot([])
        played.hears["Pod"](FORBIDDEN)
        with pytest.raises(CommandFailed, match="Forbidden"):
            next(source)


def test_a_server_that_stays_away_is_given_up_in_the_end(played, monkeypatch):
    monkeypatch.setattr(stream, "TRIES", 3)
    with WatchStream(played, COMMANDS) as source, pytest.raises(CommandFailed, match="was refused"):
        for _ in range(10):
            played.hears["Pod"](AWAY)
            next(source)
    assert played.begun.count("Pod") == 4


def test_from_a_failure_to_the_next_word_what_is_shown_may_be_old(played, monkeypatch):
    with WatchStream(played, COMMANDS) as source:
        played.say("Pod", "ADDED", "a")
        assert next(source).answered
        played.hears["Pod"](AWAY)
        assert names(next(source)) == ["a"] and not next(source).answered
        played.say("Pod", "ADDED", "b")
        assert next(source) == Snapshot([{"kind": "Pod", "metadata": {"name": "b", "namespace": "shop"}}])


def test_a_watch_that_holds_again_counts_although_there_is_nothing_to_tell(played, monkeypatch):
    with WatchStream(played, COMMANDS) as source:
        played.hears["Event"](AWAY)
        assert not next(source).answered
        monkeypatch.setattr(stream, "HELD", 0)
        assert next(source).answered


def test_a_watch_that_the_server_ends_in_good_time_is_no_failure(played):
    with WatchStream(played, COMMANDS) as source:
        played.hears["Pod"](GONE)
        assert next(source).answered


AWAY = Result(1, b"", b"The connection to the server 10.0.0.1:6443 was refused - did you specify")
REFUSED = Result(1, b"", b'Error from server (Forbidden): pods is forbidden: User "ci" cannot watch')


UNKNOWN = Result(1, b"", b"error: You must be logged in to the server (Unauthorized)")


@pytest.mark.parametrize("refusal", [REFUSED, UNKNOWN], ids=["not allowed", "its sign-in has run out"])
def test_who_may_read_but_not_watch_is_asked_again(played, refusal):
    with snapshots(Sources(played, COMMANDS, lambda: ["asked"])) as source:
        assert next(source) == Snapshot([])
        played.hears["Pod"](refusal)
        assert next(source) == Snapshot(["asked"])


def test_who_may_not_see_events_gets_the_rest():
    class Strict:
        def run(self, command):
            if "events" in str(command):
                words = b'Error from server (Forbidden): events is forbidden: User "ci" cannot list'
                raise CommandFailed(command, Result(1, b"", words))
            return Result(0, b'{"kind": "List", "items": [{"metadata": {"name": "web"}}]}', b"")

    assert poll.snapshot(Strict(), CLUSTER, ["Pod", "Event"]) == [{"metadata": {"name": "web"}}]


def test_only_the_kinds_that_tell_about_a_goal_are_watched():
    goal = RolloutGoal("shop", (GoalTarget("Deployment", "web"), GoalTarget("StatefulSet", "db")), ("web",))
    assert " ".join(watch.kinds_of(goal)) == "Deployment StatefulSet ReplicaSet Pod Event EndpointSlice"
    daemon = RolloutGoal("shop", (GoalTarget("DaemonSet", "d"),))
    assert watch.kinds_of(daemon) == ["DaemonSet", "ControllerRevision", "Pod", "Event"]


def test_a_watch_is_one_raw_request_that_the_server_ends():
    text = "kubectl --context=c --namespace=shop get"
    url = "/apis/apps/v1/namespaces/shop/deployments?watch=true&timeoutSeconds=60"
    assert raw.watch(CLUSTER, "deployments", "apps/v1", 60).argv == (*text.split(), f"--raw={url}")
    assert raw.watch(CLUSTER, "pods", "v1", 60).argv[-1].startswith("--raw=/api/v1/namespaces/shop/pods?")


def test_a_runner_that_cannot_follow_is_asked_again(monkeypatch):
    from tests.unit.rollout.verdict.objects import deployment, rolled_out

    monkeypatch.setattr(poll, "PAUSE", 0)
    monkeypatch.setattr(watch, "QUIET", 0)
    answers = [[deployment(available=1), *rolled_out()[1:]], rolled_out(), rolled_out()]

    class Asked:
        def run(self, command):
            if server_time.is_asked(command):
                return server_time.told()
            items = answers.pop(0)
            return Result(0, json.dumps({"kind": "List", "items": items}).encode(), b"")

    notes = []
    seen = watch.watch(
        Asked(), CLUSTER, RolloutGoal("shop", (GoalTarget("Deployment", "web"),)), 60, notes.append
    )
    assert (seen.verdict.kind, notes) == ("good", ["deployment/web (1 of 2 new pods available)"])
