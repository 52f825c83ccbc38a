"""docs/manifest-checks.md lists every rule as the table of rules has it, and counts the cases as they are."""

import re
from pathlib import Path

from aks_flow.manifests.checks.accept import PREFIX
from aks_flow.manifests.checks.findings import ERROR, POLICY, rules
from tests.unit.manifests.checks.cases import cases

PAGE = (Path(__file__).parents[4] / "docs" / "manifest-checks.md").read_text()
ROW = re.compile(r"^\| `([a-z-]+)` \| (.+) \| (.+) \|$", re.MULTILINE)


def test_the_page_lists_every_rule_with_what_it_finds_and_how_to_mend_it():
    errors, policies = PAGE.split("## Policies")
    errors = errors.partition("\nTwo more ")[0]  # which are none of the table of rules
    for kind, part in ((ERROR, errors), (POLICY, policies)):
        listed = {name: (finds, mend) for name, finds, mend in ROW.findall(part)}
        assert listed == {
            name: (rule.finds, rule.mend) for name, rule in rules().items() if rule.kind == kind
        }


def test_the_page_counts_the_cases_as_they_are():
    given = cases("disagreements.yaml")
    reported = sum("report" in case for case in given)
    faults = len(cases("manifest_faults.yaml")) + len(cases("pod_security_faults.yaml"))
    assert f"\n{len(given)} cases as data" in PAGE
    assert f"{reported} with a public report" in PAGE and f"{faults} more are faults" in PAGE


def test_the_page_shows_an_acceptance_of_a_rule_that_is_there():
    (name,) = re.findall(rf"{re.escape(PREFIX)}([a-z-]+): ", PAGE)
    assert name in rules()


def test_a_rule_s_name_fits_into_an_annotation():
    assert all(len(f"{PREFIX}{name}".partition("/")[2]) <= 63 for name in rules())
