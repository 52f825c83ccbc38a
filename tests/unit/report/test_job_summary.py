"""What a run leaves for GitHub to show."""

import pytest

from aks_flow import report
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.steps import Step
from aks_flow.push.outcome import PushOutcome
from aks_flow.report import job_summary, push

DIGEST = "sha256:" + "a" * 64


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """The summary's file, as a workflow's step has it."""
    file = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    return file


def outcome() -> PushOutcome:
    image = ImageRef.parse(f"localhost:5050/front:1.5.0@{DIGEST}")
    return PushOutcome("staging", image, built=True, changed=True, served={}, url="")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_delivery_leaves_its_table(shown, as_json):
    push.show_outcome(outcome(), [Step("rollout", 0.0, 1.234, "front | redis")], as_json)
    assert shown.read_text() == (
        "**staging now runs 1.5.0 (sha256:aaaaaaaaaaaa)**\n\n"
        "| step | seconds |  |\n| --- | --- | --- |\n| rollout | 1.23 | front \\| redis |\n\n"
    )


def test_a_later_step_adds_to_what_stands_there(shown):
    job_summary.line("one")
    job_summary.block("two", "diff")
    assert shown.read_text() == "one\n\n```diff\ntwo\n```\n\n"


def test_a_fence_in_the_text_does_not_end_its_block(shown):
    job_summary.block("```\nevidence")
    assert shown.read_text() == "````\n```\nevidence\n````\n\n"


def test_a_failure_leaves_its_evidence_and_one_annotation(shown, capsys):
    report.failure(AksFlowError("the rollout failed:\n  ImagePullBackOff\n", next_step="Correct the image."))
    assert "  ImagePullBackOff\nCorrect the image.\n```" in shown.read_text()
    annotation = capsys.readouterr().err.splitlines()[-1]
    assert annotation == "::error::the rollout failed:%0A  ImagePullBackOff%0ACorrect the image."


def test_a_finding_is_annotated_at_its_line(shown, capsys):
    report.finding("100 % wrong", "a,b.yml", 7)
    assert capsys.readouterr().err == "::error file=a%2Cb.yml,line=7::100 %25 wrong\n"


def test_outside_of_a_workflow_nothing_is_left(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    report.failure(AksFlowError("it failed", next_step="Repeat."))
    assert (list(tmp_path.iterdir()), capsys.readouterr().err) == ([], "error: it failed. Repeat.\n")
