"""A branch's runs go one after another."""

from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.github.event import PUSH, Event
from aks_flow.rehearsal.standins.github.queue import next_up
from aks_flow.rehearsal.standins.github.runs import QUEUED, RUNNING, SUCCESS, Run


def run(number: int, branch: str, state: str) -> Run:
    return Run(number, "w.yml", Event(PUSH, f"refs/heads/{branch}", "c"), state)


def test_the_older_run_of_a_branch_goes_first():
    waiting = [run(2, "develop", QUEUED), run(1, "develop", QUEUED)]
    assert [branch_run.number for branch_run in next_up(waiting, 2)] == [1]


def test_other_branches_do_not_wait():
    runs = [run(1, "develop", RUNNING), run(2, "develop", QUEUED), run(3, "main", QUEUED)]
    assert [branch_run.number for branch_run in next_up(runs, 2)] == [3]


def test_a_tag_s_run_waits_for_that_of_main():
    tagged = Run(2, "w.yml", Event(PUSH, "refs/tags/v1.5.0", "c"), QUEUED)
    assert next_up([run(1, "main", RUNNING), tagged], 2) == []
    assert next_up([run(1, "main", SUCCESS), tagged], 2) == [tagged]


STATES = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([QUEUED, RUNNING, SUCCESS])), max_size=12)


@given(STATES, st.integers(0, 4))
def test_no_branch_has_two_at_once_and_there_is_never_more_than_fits(states, room):
    runs = [run(number, branch, state) for number, (branch, state) in enumerate(states)]
    busy = {branch_run.event.branch for branch_run in runs if branch_run.state == RUNNING}
    started = next_up(runs, room)
    branches = [branch_run.event.branch for branch_run in started]
    assert len(set(branches)) == len(branches) and not busy & set(branches)
    assert not started or len(busy) + len(started) <= room
