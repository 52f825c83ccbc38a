"""Workflows that a team had before it delivered with aks-flow are not run: they would act for real."""

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.github.dispatch import dispatch
from aks_flow.rehearsal.standins.github.runs import QUEUED, SKIPPED

ACTIONS = {"login": "run: az login", "ours": "run: ./inv push", "further": "uses: ./.github/actions/ours"}


@pytest.fixture
def actions(remote):
    for name, step in ACTIONS.items():
        text = f"name: {name}\nruns: {{using: composite, steps: [{{{step}}}]}}\n"
        remote.workflow(text, f".github/actions/{name}/action.yml")


@pytest.mark.parametrize(
    ("step", "state"),
    [
        ("run: make deploy", SKIPPED),
        ("uses: azure/login@v2", SKIPPED),
        ("uses: ./.github/actions/login", SKIPPED),
        ("uses: ./.github/actions/absent", SKIPPED),
        ("run: ./inv push", QUEUED),
        ("run: aks-flow push", QUEUED),
        ("uses: ./.github/actions/ours", QUEUED),
        ("uses: ./.github/actions/further", QUEUED),
    ],
)
def test_one_that_leads_to_no_task_is_skipped_and_says_why(remote, actions, step, state):
    text = f"on: push\njobs: {{a: {{runs-on: ubuntu-latest, steps: [{{{step}}}]}}}}\n"
    remote.workflow(text, ".github/workflows/own.yml")
    said = " ".join(remote.push("develop"))
    runs = {run.workflow: run.state for run in remote.hub.runs.all()}
    assert runs == {".github/workflows/ci.yml": QUEUED, ".github/workflows/own.yml": state}
    assert ("own.yml on develop is skipped: it calls no task" in said) == (state == SKIPPED)


def test_one_is_not_started_by_hand_either(remote):
    text = "on: workflow_dispatch\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: make deploy}]}}\n"
    remote.workflow(text, ".github/workflows/own.yml")
    remote.push("develop")
    with pytest.raises(AksFlowError, match="own.yml is not run: it calls no task"):
        dispatch(remote.hub, "own.yml", "develop", {})
