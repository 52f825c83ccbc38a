"""Filters decide which workflows an event starts."""

from pathlib import Path

import pytest
import yaml

from aks_flow.rehearsal.standins.github.event import PULL_REQUEST, PUSH, Event
from aks_flow.rehearsal.standins.github.matching import starts
from aks_flow.workflows import tree

CASES = yaml.safe_load((Path(__file__).parent / "data" / "filters.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_an_event_starts_what_its_filters_let_through(case):
    workflow = tree.read("w.yml", yaml.safe_dump({"on": case["on"], "jobs": {}}))
    base = case.get("base", "")
    reference, action = case.get("ref", "refs/pull/1/merge"), case.get("action", "opened" if base else "")
    event = Event(PULL_REQUEST if base else PUSH, reference, "c", base=base, action=action)
    assert starts(workflow, event, lambda: case["files"]) is case["starts"]


def test_changed_files_are_asked_for_only_where_a_path_filters():
    workflow = tree.read("w.yml", "on: push\njobs: {}\n")
    assert starts(workflow, Event(PUSH, "refs/heads/main", "c"), lambda: pytest.fail("asked"))
