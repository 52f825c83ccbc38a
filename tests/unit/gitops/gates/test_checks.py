"""GitHub's checks of a commit, in the form of its reference (rest/checks/runs, rest/commits/statuses)."""

import json
from dataclasses import replace

import pytest
import yaml

from aks_flow.core.command import Result
from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitops.gates import checks, commands
from aks_flow.gitops.gates.candidate import Candidate
from aks_flow.target.delivery import DeliveryContext
from tests.unit.gitops.objects import digest
from tests.unit.planned import Planned
from tests.unit.rendering import ROOT

COMMIT = "a" * 40
CANDIDATE = Candidate("production", ImageRef("r.example", "front", "1.0.0", digest("it")), COMMIT)
BASE = f"gh api 'repos/{{owner}}/{{repo}}/commits/{COMMIT}"
STATUS = f"{BASE}/status?per_page=100' --paginate --jq=."
RUNS = f"{BASE}/check-runs?filter=latest&per_page=100&check_name=e2e%20%2F%20all' --paginate --jq=."


def run(conclusion: str | None, status="completed", name="e2e / all") -> dict:
    ended = "2026-01-01T11:00:00Z" if conclusion else None
    return {
        "name": name,
        "status": status,
        "conclusion": conclusion,
        "started_at": "2026-01-01T10:00:00Z",
        "completed_at": ended,
    }


def status(state: str, name="e2e / all") -> dict:
    return {"context": name, "state": state, "updated_at": "2026-01-01T12:00:00Z"}


def context(answers: dict) -> DeliveryContext:
    config = load(yaml.safe_load((ROOT / "invoke.yaml").read_text()), ROOT)
    return DeliveryContext(Planned(answers), None, config, Steps(Silent()))


WHERE = "the check e2e / all of commit aaaaaaaaaaaa"
# Check runs, statuses -> what is missing.
ANSWERS = {
    "a workflow's check has passed": ([run("success")], [], []),
    "a status has passed": ([], [status("success")], []),
    "one that was skipped counts": ([run("skipped")], [], []),
    "one that says neither counts": ([run("neutral")], [], []),
    "none": ([], [], [f"{WHERE} has not begun"]),
    "others alone": ([run("success", name="lint")], [status("success", "x")], [f"{WHERE} has not begun"]),
    "it failed": ([run("failure")], [], [f"{WHERE} is failure since 2026-01-01T11:00:00Z"]),
    "it was cancelled": ([run("cancelled")], [], [f"{WHERE} is cancelled since 2026-01-01T11:00:00Z"]),
    "it runs": ([run(None, "in_progress")], [], [f"{WHERE} is in progress since 2026-01-01T10:00:00Z"]),
    "it waits": ([], [status("pending")], [f"{WHERE} is pending since 2026-01-01T12:00:00Z"]),
    "two of a name, and one failed": (
        [run("success"), run("timed_out")],
        [],
        [f"{WHERE} is timed out since 2026-01-01T11:00:00Z"],
    ),
    "a status beside a check of its name": (
        [run("success")],
        [status("failure")],
        [f"{WHERE} is failure since 2026-01-01T12:00:00Z"],
    ),
}


@pytest.mark.parametrize(("runs", "statuses", "said"), ANSWERS.values(), ids=ANSWERS)
def test_a_check_has_passed_if_all_of_its_name_have(runs, statuses, said):
    answers = {RUNS: json.dumps({"check_runs": runs}), STATUS: json.dumps({"statuses": statuses})}
    assert list(checks.missing(context(answers), CANDIDATE, ["e2e / all"])) == said


def test_a_status_on_the_second_page_counts():
    pages = [json.dumps({"statuses": [one]}) for one in (status("success", "x"), status("success"))]
    answers = {RUNS: json.dumps({"check_runs": []}), STATUS: "\n".join(pages)}
    assert list(checks.missing(context(answers), CANDIDATE, ["e2e / all"])) == []


def test_without_a_name_nobody_is_asked():
    assert list(checks.missing(context({}), CANDIDATE, [])) == []


def test_gh_s_refusal_is_an_error_and_no_open_gate():
    refused = Result(1, b"", b"gh: Not Found (HTTP 404)")
    with pytest.raises(AksFlowError, match="gh refused: gh: Not Found.*checks: read"):
        list(checks.missing(context({STATUS: refused}), CANDIDATE, ["e2e / all"]))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Result(0, b"", b"a warning"), []),
        (Result(3, b"looked\nbad day\n", b""), ["`./may-go now` ended with exit code 3: bad day"]),
        (
            Result(1, b"looked\n", b"no\nit is Friday\n"),
            ["`./may-go now` ended with exit code 1: it is Friday"],
        ),
        (Result(1, b"", b""), ["`./may-go now` ended with exit code 1"]),
    ],
)
def test_a_command_s_exit_code_decides_and_its_last_line_is_told(answer, said):
    here = context({"./may-go now": answer})
    assert list(commands.missing(here, CANDIDATE, [("./may-go", "now")])) == said


def test_a_command_is_told_what_is_to_go_where_and_runs_under_dry():
    here = context({"./may-go": ""})
    list(commands.missing(here, replace(CANDIDATE, environment="staging"), [("./may-go",)]))
    [asked] = here.run.ran
    assert asked.reads and asked.cwd == ROOT
    assert asked.env == {
        "GATE_ENVIRONMENT": "staging",
        "GATE_VERSION": "1.0.0",
        "GATE_DIGEST": digest("it"),
        "GATE_COMMIT": COMMIT,
    }
