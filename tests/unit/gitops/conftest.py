"""A world of its own for every test."""

import os
from collections.abc import Iterator

import pytest

from tests.unit.gitops import world as worlds
from tests.unit.gitops.world import World


@pytest.fixture(autouse=True, scope="module")
def programs() -> Iterator[None]:
    """kubectl in reach; git without this machine's settings, and not run by a workflow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{worlds.PROGRAMS}{os.pathsep}{os.environ['PATH']}")
        for name, value in worlds.ENVIRONMENT.items():
            patch.setenv(name, value)
        for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="module")
def templates(programs, tmp_path_factory) -> dict[str, World]:
    """A world without the branch, and one with it."""
    bare = worlds.make(tmp_path_factory.mktemp("bare"))
    made = worlds.copy(bare, tmp_path_factory.mktemp("made"))
    made.init()
    return {"bare": bare, "made": made}


@pytest.fixture
def bare_world(templates, tmp_path) -> World:
    return worlds.copy(templates["bare"], tmp_path)


@pytest.fixture
def world(templates, tmp_path) -> World:
    return worlds.copy(templates["made"], tmp_path)
