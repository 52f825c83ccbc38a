"""A world of its own for every test."""

import os

import pytest

from tests.unit.gitops import world as worlds
from tests.unit.gitops.world import World


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    """kubectl in reach; git without this machine's settings, and not run by a workflow."""
    monkeypatch.setenv("PATH", f"{worlds.PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    for name, value in worlds.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def bare_world(tmp_path) -> World:
    """A world without the branch."""
    return worlds.make(tmp_path)


@pytest.fixture
def world(bare_world) -> World:
    """A world whose branch is made."""
    bare_world.init()
    return bare_world
