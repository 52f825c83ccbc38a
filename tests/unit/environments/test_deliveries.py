"""What each path has written down -> deliveries."""

from dataclasses import replace

import pytest

from aks_flow.environments import pulled, pushed
from aks_flow.environments.view import UNDONE, UNKNOWN
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import PENDING
from aks_flow.tools.argocd import Application, DeployedCommit
from aks_flow.tools.git.past_commits import PastCommit
from tests.unit.push.revisions import MOMENT, entry

LATER = "2026-01-01T00:00:30Z"
BRANCH = ["third", "other", "second", "first"]  # the newest first; "other" is another environment's


def commit(name: str, when: int, restores: str = "") -> PastCommit:
    return PastCommit(name, "a" * 40, restores, "localhost:5050/front:1.5.0", "sha256:1", "", when, "ann")


def application(*synced: str, health: str = "Healthy") -> Application:
    history = tuple(DeployedCommit(revision, MOMENT, LATER) for revision in synced)
    return Application("vote-dev", health=health, deployed=history)


def verdicts(deliveries) -> list[str]:
    return [delivery.verdict for delivery in deliveries]


def test_a_push_takes_from_its_record_to_its_verdict():
    (delivery,) = pushed.deliveries(History("dev", (replace(entry(1, "a"), concluded=LATER),)))
    assert (delivery.seconds, delivery.verdict, delivery.is_good) == (30, "good", True)


def test_a_push_from_before_the_end_was_written_down_has_no_seconds():
    (delivery,) = pushed.deliveries(History("dev", (entry(1, "a"),)))
    assert (delivery.seconds, delivery.ended) == (None, 0)


@pytest.mark.parametrize(
    ("revisions", "expected"),
    [
        (
            (entry(1, "a"), entry(2, "b", "crash-loop"), entry(3, "a", restores=1)),
            ["good", "crash-loop", "good"],
        ),
        ((entry(1, "a"), entry(2, "b"), entry(3, "a", restores=1)), ["good", UNDONE, "good"]),
        ((entry(1, "a", "pending"),), [PENDING]),
    ],
)
def test_a_good_push_that_somebody_went_back_from_was_undone(revisions, expected):
    assert verdicts(pushed.deliveries(History("dev", revisions))) == expected


TWO = (commit("third", 20), commit("first", 10))
PULLED = {
    "both ran": (TWO, application("first", "third"), ["good", "good"]),
    "one ran as part of another environment's commit": (TWO, application("other", "third"), ["good", "good"]),
    "the first was replaced before it ran": (TWO, application("third"), [UNKNOWN, "good"]),
    "the last has not run yet": (TWO, application("first"), ["good", PENDING]),
    "the last is not well": (TWO, application("first", "third", health="Degraded"), ["good", "degraded"]),
    "the last is coming": (TWO, application("first", "third", health="Progressing"), ["good", PENDING]),
    "one was taken back": (
        (commit("third", 20, restores="zero"), commit("first", 10)),
        application("first", "third"),
        [UNDONE, "good"],
    ),
    "the cluster does not tell": (TWO, None, [UNKNOWN, UNKNOWN]),
}


@pytest.mark.parametrize(("commits", "told", "expected"), PULLED.values(), ids=PULLED)
def test_a_commit_of_the_branch_was_delivered_when_argo_cd_says_so(commits, told, expected):
    assert verdicts(pulled.deliveries(commits, BRANCH, told)) == expected


def test_a_pull_takes_from_its_commit_to_the_end_of_the_sync():
    (delivery,) = pulled.deliveries([commit("first", 1_767_225_600)], ["first"], application("first"))
    assert (delivery.seconds, delivery.version) == (30, "1.5.0")


def test_where_nothing_was_delivered_there_is_none():
    assert pulled.deliveries([], [], None) == pushed.deliveries(History("dev")) == []


def test_a_commit_that_somebody_wrote_by_hand_has_no_version():
    (delivery,) = pulled.deliveries([PastCommit("first", "", "")], ["first"], None)
    assert (delivery.version, delivery.verdict) == ("", UNKNOWN)
