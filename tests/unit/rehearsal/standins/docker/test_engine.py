"""An engine is used as it is; one that keeps this user out is told apart from one that is not there."""

import shutil
from collections.abc import Iterator

import pytest

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.docker import engine
from aks_flow.rehearsal.standins.programs.bring import needed_by_rehearsal
from aks_flow.tools import docker
from tests.unit.planned import Planned

ASK = str(docker.version())
SOCKET = "unix:///var/run/docker.sock"
# Docker 20.10 and 26, which Debian 12 and 13 have, and 29.
REFUSALS = (
    f"Got permission denied while trying to connect to the Docker daemon socket at {SOCKET}: Get ...",
    f"permission denied while trying to connect to the Docker daemon socket at {SOCKET}: Get ...",
    f"permission denied while trying to connect to the docker API at {SOCKET}",
)
SILENCE = f"Cannot connect to the Docker daemon at {SOCKET}. Is the docker daemon running?"


@pytest.fixture(autouse=True)
def client(monkeypatch) -> Iterator[None]:
    """A Docker client and an engine's program are installed; their answers are planned."""
    monkeypatch.setattr(shutil, "which", lambda name, **_: f"/usr/bin/{name}")
    monkeypatch.setattr(engine.user, "name", {1000: "ada"}.get)
    monkeypatch.setattr(engine.os, "geteuid", lambda: 1000)
    monkeypatch.delenv("DOCKER_HOST", raising=False)


def failed(said: str) -> Planned:
    return Planned({ASK: Result(1, b"", said.encode())})


def refused(run: Planned, tmp_path) -> str:
    with pytest.raises(AksFlowError) as caught:
        engine.ensure(run, tmp_path, lambda told: None)
    return str(caught.value)


@pytest.mark.parametrize("said", REFUSALS)
def test_an_engine_that_keeps_this_user_out_is_said_with_what_lets_them_in(said, tmp_path):
    assert refused(failed(said), tmp_path) == (
        "the Docker engine does not let ada in (permission denied). "
        "Use sudo, or join the group of its socket "
        "(`sudo usermod --append --groups docker ada`, then log in again); "
        "then run the same command again."
    )


def test_an_engine_that_does_not_answer_is_said_as_that(tmp_path):
    told = refused(failed(SILENCE), tmp_path)
    assert told.startswith("the Docker engine does not answer. Start it")


def test_an_engine_that_answers_is_left_as_it_is(tmp_path):
    run = Planned({ASK: "28.2.2"})
    engine.ensure(run, tmp_path, pytest.fail)
    assert set(run.lines) == {ASK}


@pytest.mark.parametrize(
    ("answer", "needed"),
    [(Result(0, b"28.2.2", b""), False), (Result(1, b"", REFUSALS[1].encode()), False)]
    + [(Result(1, b"", SILENCE.encode()), True)],
    ids=["answers", "keeps this user out", "is not there"],
)
def test_the_engine_is_needed_where_there_is_none(answer, needed):
    names = [program.name for program in needed_by_rehearsal(Planned({ASK: answer}))]
    assert ("dockerd" in names) is needed


def test_an_engine_elsewhere_needs_no_engine_here(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "tcp://engine.example:2376")
    assert "dockerd" not in [program.name for program in needed_by_rehearsal(Planned({}))]
