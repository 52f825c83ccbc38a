"""The README has every task with its first line, ten to start with, and calls that can be typed."""

import re
import shlex
from pathlib import Path

import pytest

from aks_flow.cli.program import FIRST
from aks_flow.cli.workflows import refusal
from tasks import namespace
from tests.markdown import code, rows

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text()
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
# A namespace's default task is called by the namespace's own name, as in ./inv push.
TASKS = {
    aliases[0] if aliases else name: namespace[name].__doc__ for name, aliases in namespace.task_names.items()
}


def all_tasks() -> dict[str, dict[str, str]]:
    """The groups of the full table: title -> task -> its first line."""
    _, *groups = README.partition("## All tasks\n")[2].partition("\n## ")[0].split("### ")
    tables = {group.partition("\n")[0]: rows(group, "| task |") for group in groups}
    return {title: {code(task)[0]: text for task, text in table} for title, table in tables.items()}


def calls(page: Path) -> list[list[str]]:
    """What a page tells people to type: the words after ./inv, in blocks of code."""
    blocks = re.findall(r"^```sh\n(.*?)^```|((?:^    .*\n)+)", page.read_text(), re.MULTILINE | re.DOTALL)
    parts = [part.strip() for block in blocks for part in re.split(r"\n|&&", "".join(block))]
    return [shlex.split(part, comments=True)[1:] for part in parts if part.startswith("./inv ")]


def test_the_full_table_has_every_task_with_its_first_line():
    assert {task: text for table in all_tasks().values() for task, text in table.items()} == TASKS


def test_a_namespace_stands_in_one_group():
    groups = [{task.partition(".")[0] for task in table} for table in all_tasks().values()]
    assert sum(len(group) for group in groups) == len(set.union(*groups))


def test_one_starts_with_the_ten_tasks_that_inv_alone_shows():
    first = [code(task)[0].split()[0] for _, task, _ in rows(README, "| to | task |")]
    assert len(first) == 10 and set(first) == set(FIRST)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_call_of_a_page_can_be_typed(page):
    why = refusal(namespace)
    assert {" ".join(words): why(words) for words in calls(page) if why(words)} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_manifest_that_a_call_names_is_there(page):
    files = [word for words in calls(page) for word in words if word.startswith("manifests/")]
    assert [file for file in files if not any(ROOT.glob(file))] == []
