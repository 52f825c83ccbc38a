"""docs/security.md: each test that it names as holding a line is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`((?:unit|e2e)/[\w/]+\.py)(?:::(\w+))?`", PAGE)))


def test_the_page_names_tests():
    assert len(NAMED) > 5


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_the_test_that_holds_a_line_is_there(file, name):
    tree = ast.parse((ROOT / "tests" / file).read_text())
    defined = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert name in defined or not name
