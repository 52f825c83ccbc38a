"""Drills as values: what counts as met, and that each fault is a change of the project's own manifests."""

from pathlib import Path

import pytest
import yaml

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios import drills
from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.drill import PUSH, Drill, DrillResult, Expected, TaskAnswer
from aks_flow.rehearsal.tasks.drill import row

ROOT = Path(__file__).resolve().parents[4]
BAD = {"verdict": "crash-loop"}
STEPS = {"steps": [{"name": "lock", "seconds": 14.2}, {"name": "apply", "seconds": 1}]}


def result(expected: Expected, answer: TaskAnswer) -> DrillResult:
    return DrillResult(Drill("x", PUSH, expected, lambda context: answer), answer)


@pytest.mark.parametrize(
    ("answer", "met"),
    [
        (TaskAnswer(12, BAD, "dev is bad", 20), True),
        (TaskAnswer(12, BAD, "dev is bad", 41), False),
        (TaskAnswer(1, BAD, "dev is bad", 20), False),
        (TaskAnswer(12, {"verdict": "never-ready"}, "dev is bad: crash-loop", 20), False),
        (TaskAnswer(0, {"outcome": {}}, "", 20), False),
        (TaskAnswer(12, {}, "dev is bad: crash-loop", 20), False),
    ],
)
def test_a_drill_is_met_by_the_reason_the_exit_code_and_the_time_together(answer, met):
    assert result(Expected.verdict("crash-loop", within=40), answer).met is met


@pytest.mark.parametrize(
    ("answer", "met"),
    [
        (TaskAnswer(1, {}, "no. Log in with `docker login x`.", 1), True),
        (TaskAnswer(1, {}, "the registry does not answer", 1), False),
        (TaskAnswer(1, BAD, "docker login", 1), False),
    ],
)
def test_a_drill_without_a_verdict_is_met_by_what_its_error_names(answer, met):
    assert result(Expected(1, within=20, error="docker login"), answer).met is met


@pytest.mark.parametrize(("least", "met"), [(14, True), (15, False)])
def test_a_drill_can_ask_how_long_a_step_took(least, met):
    held = result(Expected(0, within=60, steps={"lock": least}), TaskAnswer(0, STEPS, "", 20))
    assert held.met is met and held.seen == "good, exit 0, lock 14 s"


def test_a_row_says_what_was_seen_instead():
    answer = TaskAnswer(1, {}, "the disk is full. Make room.\nmore", 3)
    cells = row(result(Expected(0, within=20), answer))
    assert cells[2:] == ["good, exit 0", "the disk is full. Make room., exit 1", "3.0", "20", "NO"]


def test_a_name_chooses_a_drill_on_each_path_that_has_it():
    assert [drill.path for drill in drills.choose("crash-loop")] == ["push", "pull"]
    assert len(drills.choose("")) == len(drills.DRILLS)
    with pytest.raises(AksFlowError, match="there is no drill 'earthquake'") as refused:
        drills.choose("earthquake")
    assert "missing-image, crash-loop" in refused.value.next_step


@pytest.mark.parametrize("environment", ["dev", "staging"])
@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (faults.in_front(faults.CRASH_LOOP), "Deployment"),
        (faults.in_front(faults.NEVER_READY), "Deployment"),
        (faults.in_front(faults.MISSING_KEY), "Deployment"),
        (faults.in_front(faults.missing_image("registry.example")), "Deployment"),
        (faults.in_helper(faults.denied_image("registry.example")), "Deployment"),
        (faults.without_redis(), "StatefulSet"),
    ],
)
def test_a_fault_is_one_more_patch_of_an_overlay(environment, edit, kind):
    before = (ROOT / f"manifests/overlays/{environment}/kustomization.yaml").read_text()
    first, *rest = yaml.safe_load(edit(before))["patches"]
    assert yaml.safe_load(first["patch"])["kind"] == kind
    assert rest == yaml.safe_load(before)["patches"]


def test_a_change_of_the_title_leaves_the_other_lines():
    before = (ROOT / "manifests/base/front/front.env").read_text()
    after = faults.titled("drill")(before).splitlines()
    assert after[0] == "TITLE=drill"
    assert after[1:] == [line for line in before.splitlines() if not line.startswith("TITLE=")]
