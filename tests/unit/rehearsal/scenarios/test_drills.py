"""Drills as values: what counts as met, and that each fault is a change of the project's own manifests."""

from pathlib import Path

import pytest
import yaml

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios import drills
from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.drill import PUSH, Drill, Expected, Result, Said

ROOT = Path(__file__).resolve().parents[4]
BAD = "error: dev is bad: crash-loop\n    deployment/front …\n"


def result(expected: Expected, said: Said) -> Result:
    return Result(Drill("x", PUSH, expected, lambda stage: said), said)


@pytest.mark.parametrize(
    ("said", "met"),
    [
        (Said(12, BAD, 20), True),
        (Said(12, BAD, 41), False),
        (Said(1, BAD, 20), False),
        (Said(12, BAD.replace("crash-loop", "never-ready"), 20), False),
        (Said(0, "dev runs 1.0.0", 20), False),
    ],
)
def test_a_drill_is_met_by_the_reason_the_exit_code_and_the_time_together(said, met):
    assert result(Expected.verdict("crash-loop", within=40), said).met is met


@pytest.mark.parametrize(
    ("said", "met"),
    [
        (Said(1, "error: no. Log in with `docker login x`.", 1), True),
        (Said(1, "error: the registry does not answer", 1), False),
        (Said(1, BAD + "docker login", 1), False),
    ],
)
def test_a_drill_without_a_verdict_is_met_by_its_words(said, met):
    assert result(Expected(1, within=20, words="docker login"), said).met is met


def test_a_row_says_what_was_seen_instead():
    seen = result(Expected(0, within=20), Said(1, "...\nerror: the disk is full. Make room.\n", 3)).row()
    assert seen[2:] == ["good, exit 0", "error: the disk is full. Make room., exit 1", "3.0", "20", "NO"]


def test_a_name_chooses_a_drill_on_each_path_that_has_it():
    assert [each.path for each in drills.choose("crash-loop")] == ["push", "pull"]
    assert len(drills.choose("")) == len(drills.DRILLS)
    with pytest.raises(AksFlowError, match="there is no drill 'earthquake'") as refused:
        drills.choose("earthquake")
    assert "missing-image, crash-loop" in refused.value.next_step


@pytest.mark.parametrize("environment", ["dev", "staging"])
@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (faults.CRASH, "Deployment"),
        (faults.NEVER_READY, "Deployment"),
        (faults.container(image="registry.example/front:missing"), "Deployment"),
        (faults.helper("registry.example/helper:1"), "Deployment"),
        (faults.no_redis(), "StatefulSet"),
    ],
)
def test_a_fault_is_one_more_patch_of_an_overlay(environment, edit, kind):
    before = (ROOT / f"manifests/overlays/{environment}/kustomization.yaml").read_text()
    first, *rest = yaml.safe_load(edit(before))["patches"]
    assert yaml.safe_load(first["patch"])["kind"] == kind
    assert rest == yaml.safe_load(before)["patches"]


def test_a_change_of_the_title_leaves_the_other_lines():
    before = (ROOT / "manifests/base/front/front.env").read_text()
    after = faults.title("drill")(before).splitlines()
    assert after[0] == "TITLE=drill"
    assert after[1:] == [line for line in before.splitlines() if not line.startswith("TITLE=")]
