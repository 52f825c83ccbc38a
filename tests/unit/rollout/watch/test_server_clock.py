"""How long something has lasted, where this clock is wrong: what was seen, or what the cluster says."""

import time

import pytest

from aks_flow.core.command import Result
from aks_flow.core.runner import CommandFailed
from aks_flow.rollout.verdict.ages import SKEW, Stopwatch
from aks_flow.rollout.watch.server_clock import ServerClock
from aks_flow.tools.kubectl import Kubectl, raw
from tests.unit import server_time
from tests.unit.planned import Planned

CLUSTER = Kubectl(namespace="shop")
QUESTION = str(raw.date(CLUSTER))
BEGUN = 1_800_000_000.0
STAMP = "2027-01-15T08:00:00Z"
HOUR = 3600


def age(here: float, today: float | None, seen: float = 1) -> float:
    """How old the stopwatch says that a container is which was seen for a while."""
    now = iter((1000.0, 1000.0 + seen))
    watch = Stopwatch(lambda: next(now), today=lambda: today, here=lambda: here)
    watch.look({"up": STAMP})
    return watch.look({"up": STAMP}).of("up")


CASES = {
    "this clock is an hour ahead": (BEGUN + HOUR, BEGUN + 2, 1),
    "this clock is an hour behind": (BEGUN - HOUR, BEGUN + HOUR, 1),
    "both say that it is old": (BEGUN + HOUR, BEGUN + HOUR, HOUR - SKEW),
    "the cluster does not tell": (BEGUN + HOUR, None, 1),
}


@pytest.mark.parametrize(("here", "today", "expected"), CASES.values(), ids=CASES)
def test_a_wrong_clock_makes_nothing_old(here, today, expected):
    assert age(here, today) == expected


def test_the_cluster_is_not_asked_about_what_has_just_begun():
    watch = Stopwatch(today=pytest.fail, here=lambda: BEGUN + SKEW)
    assert watch.look({"up": STAMP}).of("up") >= 0


def test_the_cluster_s_time_comes_from_its_answer_and_is_asked_once():
    run = Planned({QUESTION: server_time.told(BEGUN)})
    clock = ServerClock(run, CLUSTER)
    assert abs(clock() - BEGUN) < 60 and clock() >= BEGUN and len(run.ran) == 1
    assert abs(clock() - time.time()) > 60


@pytest.mark.parametrize(
    "answer",
    [Result(0, b"{}", b"  Date: yesterday\n"), Result(1, b"", b"Unable to connect"), Result(0, b"", b"")],
)
def test_a_cluster_that_does_not_tell_gives_no_time(answer):
    assert ServerClock(Planned({QUESTION: answer}), CLUSTER)() is None


def test_a_runner_that_fails_gives_no_time():
    class Failing:
        def run(self, command):
            raise CommandFailed(command, Result(1, b"", b"no"))

    assert ServerClock(Failing(), CLUSTER)() is None
