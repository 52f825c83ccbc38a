"""Fixtures: a git repository of its own for every test that asks for one."""

from tests.unit.gitflow.conftest import alone, repo  # noqa: F401
