"""Which runs are of workflows that a team had before it delivered with aks-flow."""

import pytest


@pytest.mark.parametrize(
    ("step", "theirs"),
    [
        ("run: make deploy", True),
        ("uses: azure/login@v2", True),
        ("run: ./inv push", False),
        ("uses: ./.github/actions/login", False),
    ],
)
def test_one_that_calls_no_task_is_the_team_s(remote, step, theirs):
    text = f"on: push\njobs: {{a: {{runs-on: ubuntu-latest, steps: [{{{step}}}]}}}}\n"
    remote.workflow(text, ".github/workflows/own.yml")
    remote.push("develop")
    runs = {run.workflow: remote.hub.is_team_s(run) for run in remote.hub.runs.all()}
    assert runs == {".github/workflows/ci.yml": False, ".github/workflows/own.yml": theirs}
