"""A team's tasks.py is read, and nothing of it is left in the project."""

import sys

import pytest

from aks_flow.cli import adopt, workflows

TASKS = """
from beside import WORDS
from invoke import task
from aks_flow import collection

namespace = collection()


@task
def greet(_):
    print(WORDS)


namespace.add_task(greet)
"""


@pytest.mark.parametrize("read", [workflows.tasks_of, adopt._hidden])
def test_reading_it_leaves_no_bytecode_there(tmp_path, monkeypatch, read):
    """A push refuses what git neither has nor ignores, as `__pycache__` in a repository without Python."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "modules", {**sys.modules})
    (tmp_path / "tasks.py").write_text(TASKS)
    (tmp_path / "beside.py").write_text("WORDS = 'hello'\n")
    before = sorted(path.name for path in tmp_path.iterdir())
    read(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert not sys.dont_write_bytecode
