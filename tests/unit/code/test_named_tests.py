"""Each test that a page names as holding or showing a line is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = ("security.md", "practices.md", "verdicts.md")
NAMED = re.compile(r"`((?:unit|e2e)/[\w/]+\.py)?(?:::(\w+))?`")


def named(page: str) -> Iterator[tuple[str, str]]:
    """(file, test), the test "" for a whole file; ``::test`` alone is of the file named before it."""
    file = ""
    for path, test in NAMED.findall((ROOT / "docs" / page).read_text()):
        file = path or file
        if path or test:
            yield file, test


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_tests(page):
    assert len(set(named(page))) > 5


@pytest.mark.parametrize(("file", "name"), sorted({pair for page in PAGES for pair in named(page)}))
def test_the_test_that_holds_a_line_is_there(file, name):
    tree = ast.parse((ROOT / "tests" / file).read_text())
    defined = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert name in defined or not name
