"""The paths and links of the Markdown pages lead somewhere, and their tables list what the code has."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from aks_flow.rehearsal.scenarios.bench import verdicts
from aks_flow.rehearsal.scenarios.drills import DRILLS
from aks_flow.rollout.verdict.reasons import EXIT_CODES
from tests.markdown import code, rows

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "scripts" / "aks_flow"
REHEARSAL = PACKAGE / "rehearsal"
MADE = (".rehearsal", ".venv", ".github/workflows/preview.yml")  # by running it, the last by `adopt`
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("scripts/**/*.md")])
HISTORY = {"CHANGELOG.md"}  # it names what was there
TOP = {path.name for path in ROOT.iterdir() if path.is_dir()}
PATH = re.compile(r"[\w.*-]+(?:/[\w.*-]*)+|[\w-]+\.(?:py|ya?ml|toml|lock|in)")
MODULE = re.compile(r"(?:\w+/)+\w+\.py")
SOURCES = ("scripts", "tests", "app", "examples")
LINK = re.compile(r"\]\(([^)#\s]+)")
ANCHOR = re.compile(r"\]\(([^)#\s]*)#([^)\s]+)\)")


def sections(text: str) -> Iterator[tuple[list[Path], str]]:
    """The parts of the rehearsal's page, each with the folders that its paths may begin at."""
    for part in re.split(r"^## ", text, flags=re.MULTILINE):
        own = [REHEARSAL / name for name in code(part.partition("\n")[0])]
        yield [ROOT, REHEARSAL, *own], part


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_leads_to_a_file(file):
    links = [link for link in LINK.findall(file.read_text()) if not re.match(r"\w+:", link)]
    assert [link for link in links if not (file.parent / link).exists()] == []


def anchors(page: Path) -> set[str]:
    """What a link can name of a page: its headings, as GitHub makes anchors of them."""
    headings = re.findall(r"^#+ (.*)", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_into_a_page_leads_to_a_heading(file):
    links = [(file.parent / page if page else file, name) for page, name in ANCHOR.findall(file.read_text())]
    inside = [(page, name) for page, name in links if page.is_file()]
    assert [name for page, name in inside if name not in anchors(page)] == []


@pytest.mark.parametrize(
    "file", [file for file in PAGES if file.name not in HISTORY], ids=lambda file: str(file.relative_to(ROOT))
)
def test_every_path_from_the_top_leads_to_a_file(file):
    paths = [text for text in code(file.read_text()) if PATH.fullmatch(text)]
    paths = [path for path in paths if path.split("/")[0] in TOP and not path.startswith(MADE)]
    assert [path for path in paths if not any(ROOT.glob(path)) and not (PACKAGE / path).exists()] == []


@pytest.mark.parametrize("file", sorted(ROOT.glob("docs/*.md")), ids=lambda file: file.name)
def test_every_module_that_a_page_names_by_its_folder_is_there(file):
    modules = [text for text in code(file.read_text()) if MODULE.fullmatch(text)]
    known = [f"/{path.relative_to(ROOT)}" for top in SOURCES for path in (ROOT / top).rglob("*.py")]
    assert [name for name in modules if not any(path.endswith(f"/{name}") for path in known)] == []


def test_every_path_of_the_rehearsals_page_leads_to_a_file():
    places = [
        (path, bases)
        for bases, part in sections((REHEARSAL / "README.md").read_text())
        for path in code(part)
        if PATH.fullmatch(path) and not path.startswith(".")
    ]
    assert len(places) > 80
    missing = [path for path, bases in places if not any((base / path).exists() for base in bases)]
    assert missing == ["decide.py"]  # of each controller's folder


def test_the_page_on_verdicts_has_every_reason_and_its_exit_code():
    table = rows((ROOT / "docs" / "verdicts.md").read_text(), "| code |")
    listed = {code(reason)[0]: int(number) for number, reason, _ in table if reason}
    assert listed == EXIT_CODES


def test_the_page_on_verdicts_has_every_fault_that_is_timed():
    table = rows((ROOT / "docs" / "verdicts.md").read_text(), "| reason | fault")
    listed = [code(reason)[0] for reason, *_ in table]
    assert listed == [case.fault.reason for case in verdicts.cases("registry.example.com")]


def test_the_page_on_drills_has_every_fault_and_every_drill():
    text = (ROOT / "docs" / "drills.md").read_text()
    faults = [code(fault)[0] for fault, _ in rows(text, "| fault | how")]
    held = [(fault, path) for fault, path, *_ in rows(text, "| fault | path")]
    assert sorted(faults) == sorted({drill.name for drill in DRILLS})
    assert sorted(held) == sorted((drill.name, drill.path) for drill in DRILLS)
