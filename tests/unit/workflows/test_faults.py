"""Seeded faults, one a case: each is found at its line, and nothing else is."""

from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from aks_flow.cli.workflows import find
from aks_flow.core.runner import Local
from aks_flow.workflows.files import FOLDER
from tasks import namespace

FIXTURES = Path(__file__).parent / "fixtures"
SOUND = (FIXTURES / "sound.yml").read_text()
VARIANTS = yaml.safe_load((FIXTURES / "sound_variants.yaml").read_text())
FAULTS = yaml.safe_load((FIXTURES / "faults.yaml").read_text())


@pytest.fixture
def findings(tmp_path):
    """What `workflows.check` finds in one file with a text, a line each."""
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)

    def find_in(text: str) -> list[str]:
        (folder / "w.yml").write_text(text)
        return [str(finding).partition(":")[2] for finding in find(Local(), tmp_path, namespace)]

    return find_in


def test_a_sound_workflow_has_no_findings(findings):
    assert findings(SOUND) == []


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["fault"])
def test_a_fault_is_found_where_it_is(findings, case):
    assert case["replace"] in SOUND
    seen = findings(SOUND.replace(case["replace"], case["by"]))
    expected = case["findings"]
    assert len(seen) == len(expected), seen
    assert [line for line, pattern in zip(seen, expected, strict=True) if not fnmatch(line, pattern)] == []


@pytest.mark.parametrize("case", VARIANTS, ids=lambda case: case["variant"])
def test_a_sound_variant_has_no_findings(findings, case):
    assert case["replace"] in SOUND
    assert findings(SOUND.replace(case["replace"], case["by"])) == []


def fnmatch(line: str, pattern: str) -> bool:
    """With * for any text; brackets stand for themselves."""
    return fnmatchcase(line, pattern.replace("[", "[[]"))
