"""A registry in a container that does not run any more, as after a restart of the machine."""

import shutil

import pytest

from aks_flow.core.command import Result
from aks_flow.rehearsal.standins.docker import registry
from tests.unit.planned import Planned


class Engine(Planned):
    """It has the registry's container, ended; `runs` says whether it can be started again."""

    def __init__(self, runs: bool):
        super().__init__({})
        self.runs = runs

    def run(self, command):
        self.ran.append(command)
        if command.argv[1:3] == ("container", "inspect"):
            return Result(0, b"false", b"")
        return Result(0 if self.runs or command.argv[1] != "start" else 1, b"", b"")


@pytest.fixture(autouse=True)
def answering(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name, **_: "/usr/bin/docker" if name == "docker" else None)
    monkeypatch.setattr(registry, "runs_at", lambda *_: False)
    monkeypatch.setattr(registry, "status", lambda port: 200)


@pytest.mark.parametrize(
    ("runs", "verbs"), [(True, ["start"]), (False, ["start", "rm", "run"])], ids=["starts", "cannot start"]
)
def test_it_is_started_with_its_images_or_replaced(config, runs, verbs):
    engine = Engine(runs)
    registry.ensure(engine, config)
    assert [command.argv[1] for command in engine.ran if command.argv[1] != "container"] == verbs
