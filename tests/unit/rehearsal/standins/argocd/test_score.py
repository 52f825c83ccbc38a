"""How much of Argo CD's behaviour the cases cover: the table of docs/argocd.md says what they say."""

import re
from collections.abc import Sized

import pytest
import yaml

from tests.unit.rehearsal.standins.argocd import (
    test_application_status,
    test_autosync,
    test_health,
    test_planning,
    test_project,
    test_unoffered,
)
from tests.unit.rehearsal.standins.argocd.cases import DATA
from tests.unit.rendering import ROOT

LATER_KINDS = ("HorizontalPodAutoscaler", "CronJob", "PodDisruptionBudget")


def entries(file: str) -> list[dict]:
    return yaml.safe_load((DATA / file).read_text())


def is_of_later_kind(case: dict) -> bool:
    return (case["object"] or {}).get("kind") in LATER_KINDS


def size(*cases: Sized) -> int:
    return sum(map(len, cases))


HEALTH = entries("health.yaml")
LATER = [case for case in HEALTH if is_of_later_kind(case)]
# Each area of the table -> the cases that are answered as Argo CD does, those that are refused.
AREAS = {
    "health of a resource": (len(HEALTH) - len(LATER), 0),
    "health of HorizontalPodAutoscaler, CronJob, PodDisruptionBudget": (len(LATER), 0),
    "health of an Application": (size(test_health.OVERALL), 0),
    "differences": (size(entries("merging.yaml")), size(test_unoffered.DIFFERENCES)),
    "order of a sync, and what it removes": (
        size(test_planning.SYNCS, test_planning.EXTRAS),
        size(test_unoffered.ORDER),
    ),
    "automatic syncs": (size(test_autosync.DECISIONS), 0),
    "project": (
        size(test_project.SPECS, test_project.KINDS, test_project.NAMES),
        size(test_unoffered.PROJECT),
    ),
    "status against the CRD": (size(test_application_status.STATUSES), 0),
}


@pytest.mark.parametrize("area", AREAS)
def test_the_page_says_how_many_cases_an_area_has(area):
    answered, refused = AREAS[area]
    page = (ROOT / "docs" / "argocd.md").read_text()
    [row] = re.findall(rf"^\| {re.escape(area)} \| (\d+) \| (\d+) \| (\d+) \|$", page, re.M)
    assert tuple(map(int, row)) == (answered + refused, answered, refused)
