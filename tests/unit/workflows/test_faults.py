"""Seeded faults, one a case: each is found at its line, and nothing else is; sound files have no findings."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from aks_flow.cli.workflows import find
from aks_flow.core.runner import Local
from aks_flow.workflows.files import FOLDER
from tasks import namespace

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = Path(__file__).parent / "fixtures"
SOUND = (FIXTURES / "sound.yml").read_text()
CLASSES = yaml.safe_load((FIXTURES / "faults.yaml").read_text())
FAULTS = [case for cases in CLASSES.values() for case in cases]
VARIANTS = yaml.safe_load((FIXTURES / "sound_variants.yaml").read_text())
PUBLIC = {case["shape"]: case["text"] for case in yaml.safe_load((FIXTURES / "public.yaml").read_text())}
CALLED = "on: {workflow_call: {}}\njobs: {lint: {runs-on: ubuntu-latest, steps: [{run: ./inv lint}]}}\n"
# What this project asks of its own files beyond GitHub: a public file does as it likes,
# and what zizmor says of its permissions and pins is true.
OWN_RULES = {"branches", "concurrency", "needs", "no-version", "script", "skip-ci", "task", "timeout"}


def edited(case: dict) -> str:
    text = SOUND
    for old, new in [(case["replace"], case["by"]), *([case["add"]] if "add" in case else [])]:
        assert old in text
        text = text.replace(old, new)
    return text


TEXTS = {
    "sound": SOUND,
    **{case["fault"]: edited(case) for case in FAULTS},
    **{case["variant"]: edited(case) for case in VARIANTS},
    **PUBLIC,
}


@pytest.fixture(scope="module")
def findings(tmp_path_factory) -> dict[str, list[tuple[str, str]]]:
    """(rule, line as it is shown) of what `workflows.check` finds in each text, all in one repository."""
    root = tmp_path_factory.mktemp("repository")
    (root / ".git").mkdir()
    folder = root / FOLDER
    folder.mkdir(parents=True)
    (folder / "ci.yml").write_text(CALLED)
    names = {f"case{number}.yml": name for number, name in enumerate(TEXTS)}
    for file, name in names.items():
        (folder / file).write_text(TEXTS[name], errors="surrogateescape")
    seen = {name: [] for name in TEXTS}
    for finding in find(Local(), root, namespace):
        file = Path(finding.file).name
        if file in names:
            seen[names[file]].append((finding.rule, str(finding).partition(":")[2]))
    return seen


def test_a_sound_workflow_has_no_findings(findings):
    assert findings["sound"] == []


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["fault"])
def test_a_fault_is_found_where_it_is(findings, case):
    seen = [line for _, line in findings[case["fault"]]]
    expected = case["findings"]
    assert len(seen) == len(expected), seen
    assert [line for line, pattern in zip(seen, expected, strict=True) if not fnmatch(line, pattern)] == []


@pytest.mark.parametrize("case", VARIANTS, ids=lambda case: case["variant"])
def test_a_sound_variant_has_no_findings(findings, case):
    assert findings[case["variant"]] == []


@pytest.mark.parametrize("shape", PUBLIC)
def test_a_public_file_has_no_finding_that_is_false(findings, shape):
    seen = [line for rule, line in findings[shape] if rule not in OWN_RULES]
    assert [line for line in seen if "docs.zizmor.sh" not in line] == []


def test_the_page_says_what_is_found():
    page = (ROOT / "docs" / "workflows.md").read_text()
    rows = dict(re.findall(r"^\| ([a-z -]+) \| (\d+) \|", page, re.MULTILINE))
    assert {name: int(rows[name]) for name in CLASSES} == {
        name: len(cases) for name, cases in CLASSES.items()
    }
    assert f"all {len(FAULTS)} are found" in page
    assert f"{len(VARIANTS) + 1} sound files and {len(PUBLIC)} public ones have 0 false findings" in page


def fnmatch(line: str, pattern: str) -> bool:
    """With * for any text; brackets stand for themselves."""
    return fnmatchcase(line, pattern.replace("[", "[[]"))
