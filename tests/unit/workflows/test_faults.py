"""Seeded faults, one a case: each is found at its line, and nothing else is."""

from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from aks_flow.cli.workflows import refusal
from aks_flow.workflows.check import findings
from tasks import namespace

FIXTURES = Path(__file__).parent / "fixtures"
SOUND = (FIXTURES / "sound.yml").read_text()
VARIANTS = yaml.safe_load((FIXTURES / "sound_variants.yaml").read_text())
FAULTS = yaml.safe_load((FIXTURES / "faults.yaml").read_text())


def found(text: str) -> list[str]:
    return [
        f"{one.line}: {one.rule}: {one.what}. {one.do}" for one in findings("w.yml", text, refusal(namespace))
    ]


def test_a_sound_workflow_has_no_findings():
    assert found(SOUND) == []


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["fault"])
def test_a_fault_is_found_where_it_is(case):
    assert case["replace"] in SOUND
    seen = found(SOUND.replace(case["replace"], case["by"]))
    expected = case["findings"]
    assert len(seen) == len(expected), seen
    assert [line for line, pattern in zip(seen, expected, strict=True) if not fnmatch(line, pattern)] == []


@pytest.mark.parametrize("case", VARIANTS, ids=lambda case: case["variant"])
def test_a_sound_variant_has_no_findings(case):
    assert case["replace"] in SOUND
    assert found(SOUND.replace(case["replace"], case["by"])) == []


def fnmatch(line: str, pattern: str) -> bool:
    """With * for any text; brackets stand for themselves."""
    return fnmatchcase(line, pattern.replace("[", "[[]"))
