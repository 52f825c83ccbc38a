"""Every class of disagreement, by cases: what must be found, and what must not."""

import fnmatch
import re

import pytest

from aks_flow.manifests.checks.agree import check
from aks_flow.manifests.checks.findings import ERROR, rules
from tests.unit.manifests.checks.cases import SURROUNDINGS, cases, seeded

CASES = cases("disagreements.yaml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['class']}: {case['case']}")
def test_what_does_not_fit_is_found_and_nothing_else(case):
    result = check(seeded(case), SURROUNDINGS)
    errors = [f"{finding.rule} {finding}" for finding in result.findings if finding.kind == ERROR]
    expected = case.get("findings", [])
    assert len(errors) == len(expected), errors
    for text, pattern in zip(errors, expected, strict=True):
        assert fnmatch.fnmatchcase(text, pattern), text


def test_what_an_object_accepts_is_kept_with_its_reason():
    (case,) = (case for case in CASES if case["case"] == "of an error, with its reason")
    (accepted,) = check(seeded(case), SURROUNDINGS).accepted
    assert (accepted.finding.rule, accepted.reason) == ("service-account", "Terraform makes it")


def test_there_are_as_many_cases_as_are_promised_and_each_is_told_from_the_others():
    names = [(case["class"], case["case"]) for case in CASES]
    assert len(set(names)) == len(names) >= 140
    reports = [case["report"] for case in CASES if "report" in case]
    assert len(reports) >= 60
    assert [text for text in reports if not re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", text)] == []


def test_every_error_that_a_rule_can_find_has_a_case():
    found = {text.split()[0] for case in CASES for text in case.get("findings", [])}
    errors = {name for name, rule in rules().items() if rule.kind == ERROR}
    elsewhere = {
        "autoscaler-bounds",
        "policy-peer",
        "policy-selects",
        "selector-own",
        "volume-undeclared",
        "volume-unmounted",
    }  # see manifest_faults.yaml
    assert found == errors - elsewhere
