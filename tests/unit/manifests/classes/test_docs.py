"""docs/manifest-edits.md counts the cases as they are."""

from pathlib import Path

import pytest

from tests.unit.gitflow.test_odd_repositories import CASES
from tests.unit.manifests.classes.table import cases

PAGE = (Path(__file__).parents[4] / "docs" / "manifest-edits.md").read_text("utf-8")
TABLES = {
    "values set": [bool(case.values[0].get("report")) for case in cases("values.toml")],
    "values read": [bool(case.values[0].get("report")) for case in cases("reads.toml")],
    "images listed, and set": [bool(case.values[0].get("report")) for case in cases("images.toml")],
    "repositories and names": [bool(case.report) for case in CASES],
}


@pytest.mark.parametrize("name", [*TABLES, "all"])
def test_the_cases_are_counted(name):
    reported = TABLES.get(name, [case for table in TABLES.values() for case in table])
    assert f"| {name} | {len(reported)} | {sum(reported)} |\n" in PAGE
