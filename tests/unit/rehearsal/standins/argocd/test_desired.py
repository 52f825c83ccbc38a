"""What a commit asks for, and for how long an error of it is remembered."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from aks_flow.rehearsal.standins.argocd import desired
from aks_flow.rehearsal.standins.argocd.desired import Desired
from aks_flow.rehearsal.standins.argocd.repository import SourceError

SOURCE = {"repoURL": "r", "path": "p"}


@asynccontextmanager
async def files(url: str, commit: str):
    yield Path()


@pytest.fixture
def told(monkeypatch):
    """What rendering says, time after time: an error's text, or "" for no objects."""
    said: list[str] = []

    async def render(*_):
        if text := said.pop(0):
            raise SourceError(text)
        return "Directory", []

    monkeypatch.setattr(desired, "render", render)
    return said


def asked(made: Desired, commit: str = "c") -> str:
    """The error, "" for none."""
    try:
        asyncio.run(made.at(SOURCE, {}, commit))
    except SourceError as error:
        return str(error)
    return ""


def test_a_commit_that_failed_three_times_is_not_rendered_again_unless_that_is_asked_for(told):
    made = Desired(SimpleNamespace(repositories=SimpleNamespace(files=files), programs=None), "app")
    told[:] = ["killed", "killed", "killed", "", ""]
    assert [asked(made) for _ in range(3)] == ["killed"] * 3
    assert asked(made) == "Manifest generation error (cached): killed"
    assert asked(made, "another") == ""
    made.forget()
    assert asked(made) == "" and told == []
