"""A world of its own for every test: real git against local bare repositories; no cluster and no engine."""

import os
from collections.abc import Callable

import pytest

from aks_flow.gitops.deliver import deliver
from tests.e2e.gitops.world import ENVIRONMENT, PROGRAMS, World, copy, make


def prepare(patch: pytest.MonkeyPatch) -> None:
    """kubectl in reach; git without this machine's settings, and not run by a workflow."""
    patch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    for name, value in ENVIRONMENT.items():
        patch.setenv(name, value)
    for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"):
        patch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    prepare(monkeypatch)


@pytest.fixture(scope="module")
def template(templates, tmp_path_factory) -> Callable[[Callable[[World], object]], tuple[World, object]]:
    """Makes a world in which something was done once, to be copied for each test; and what that gave."""

    def prepared(act: Callable[[World], object]) -> tuple[World, object]:
        with pytest.MonkeyPatch.context() as patch:
            prepare(patch)
            world = copy(templates["made"], tmp_path_factory.mktemp("template"))
            return world, act(world)

    return prepared


@pytest.fixture(scope="package")
def templates(tmp_path_factory) -> dict[str, World]:
    """A world without the branch, one with it, and one whose dev had alpha.1, then alpha.2, then alpha.3."""
    with pytest.MonkeyPatch.context() as patch:
        prepare(patch)
        bare = make(tmp_path_factory.mktemp("bare"))
        made = copy(bare, tmp_path_factory.mktemp("made"))
        made.init()
        delivered = copy(made, tmp_path_factory.mktemp("delivered"))
        for number in (1, 2, 3):
            delivered.publish(f"0.1.0-alpha.{number}")
            deliver(delivered.context, "dev")
        return {"bare": bare, "made": made, "delivered": delivered}


@pytest.fixture
def bare_world(templates, tmp_path) -> World:
    return copy(templates["bare"], tmp_path)


@pytest.fixture
def world(templates, tmp_path) -> World:
    return copy(templates["made"], tmp_path)


@pytest.fixture
def delivered(templates, tmp_path) -> World:
    return copy(templates["delivered"], tmp_path)
