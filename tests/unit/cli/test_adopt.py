"""The task `adopt`: what it shows, asks and writes."""

import io
import json

import pytest
from invoke import Config, Context

from aks_flow import collection
from aks_flow.cli import adopt
from aks_flow.cli.adopt import adopt_task
from aks_flow.cli.context import TaskContext
from aks_flow.cli.workflows import refusal
from aks_flow.core.errors import AksFlowError
from tests.unit.adopt.repositories import PACKAGE, TeamRepository, shaped

FLAGS = {"upgrade": False, "yes": True, "json": False, "package": PACKAGE}


@pytest.fixture
def repository(tmp_path) -> TeamRepository:
    return shaped(tmp_path, "kustomize-two-images", "store")


def run(repository: TeamRepository, dry: bool = False, **flags) -> None:
    context = TaskContext(Context(Config(overrides={"run": {"dry": dry}})), flags.get("json", False))
    adopt_task(context, str(repository.path), **{**FLAGS, **flags})


def test_it_ends_with_what_is_left_to_do_each_with_a_command(repository, capsys):
    run(repository)
    _, _, todo = capsys.readouterr().out.partition("\nLeft to do\n")
    lines = todo.splitlines()
    assert len(lines) >= 8 and len(lines) % 2 == 0
    for number, (what, command) in enumerate(zip(lines[::2], lines[1::2], strict=True), 1):
        assert what.startswith(f"{number}. ") and what.endswith(":")
        assert command.startswith("       ") and command.strip()


def test_its_own_commands_are_tasks(repository, capsys):
    run(repository)
    _, _, todo = capsys.readouterr().out.partition("\nLeft to do\n")
    calls = [
        part.partition("./inv ")[2].split()
        for part in todo.replace("&&", "\n").splitlines()
        if "./inv " in part
    ]
    why = refusal(collection())
    assert len(calls) >= 4 and {" ".join(words): why(words) for words in calls if why(words)} == {}


def test_a_dry_run_shows_every_file_and_writes_none(repository, capsys):
    before = repository.files()
    run(repository, dry=True)
    assert repository.files() == before
    shown = capsys.readouterr().out
    run(repository)
    capsys.readouterr()
    for name, content in repository.files().items():
        if name not in before:
            assert f"new         {name}\n" in shown
            assert "".join(f"    {line}".rstrip() + "\n" for line in content.decode().splitlines()) in shown


def test_a_second_run_says_that_nothing_is_to_be_done(repository, capsys):
    run(repository)
    capsys.readouterr()
    run(repository)
    files, _, _ = capsys.readouterr().out.partition("\nLeft to do\n")
    assert {line.split()[0] for line in files.splitlines()} == {"unchanged"}


def test_what_differs_is_shown_and_stays(repository, capsys):
    run(repository)
    repository.put("k8s/argocd/dev.yaml", "mine: true\n")
    capsys.readouterr()
    run(repository)
    shown = capsys.readouterr().out
    assert "differs     k8s/argocd/dev.yaml (it stays as it is)" in shown and "-mine: true" in shown
    assert repository.files()["k8s/argocd/dev.yaml"] == b"mine: true\n"


def test_one_document_has_it_all(repository, capsys):
    run(repository, json=True)
    answer = json.loads(capsys.readouterr().out)
    assert {"path": "invoke.yaml", "state": "new", "written": True} in answer["files"]
    assert {"what", "command"} == answer["todo"][0].keys()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_person_is_asked_what_no_flag_says(repository, capsys, monkeypatch):
    monkeypatch.setattr(adopt.sys, "stdin", Terminal("corner\n\n\nstage,live=corner\n\n"))
    run(repository, yes=False)
    asked = [line.partition(" [")[0] for line in capsys.readouterr().err.replace(": ", "\n").splitlines()]
    assert asked[:2] == [
        "The project's name",
        "The Deployment or StatefulSet that answers",
    ]
    text = repository.files()["invoke.yaml"].decode()
    assert "stage: {namespace: corner-stage" in text and "live: {namespace: corner," in text


def test_what_is_typed_wrongly_is_a_sentence(repository, monkeypatch):
    monkeypatch.setattr(adopt.sys, "stdin", Terminal("No Name\n"))
    before = repository.files()
    with pytest.raises(AksFlowError, match="--name: must be 1 to 63"):
        run(repository, yes=False)
    assert repository.files() == before


def test_an_upgrade_shows_what_it_changes(repository, capsys):
    run(repository)
    repository.put("inv", "#!/bin/sh\nold\n")
    repository.commit()
    capsys.readouterr()
    run(repository, upgrade=True)
    shown = capsys.readouterr().out
    assert "upgraded    inv\n" in shown and "-old\n" in shown
    assert repository.files()["inv"].startswith(b"#!/bin/sh\n# Runs this project's tasks")


def test_an_upgrade_s_wheel_is_told_by_its_size_and_left_to_commit(repository, tmp_path, capsys):
    """What a zip file holds means nothing to a person, and something to a terminal."""
    wheel = tmp_path / "dist" / "aks_flow-0.1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    for content in (b"PK\x03\x04\x00\x1b[2Jold", b"PK\x03\x04\x00\x1b[2Jnewer"):
        wheel.write_bytes(content)
        run(repository, package=str(wheel), upgrade=True)
        shown = capsys.readouterr().out
        repository.commit()
    assert "upgraded    .aks-flow/aks_flow-0.1.0-py3-none-any.whl\n12 bytes become 14\n" in shown
    assert "\x1b" not in shown
    assert "git add .aks-flow aks-flow.txt && git commit" in shown


def test_tasks_that_the_team_s_hide_are_told(tmp_path, capsys):
    repository = shaped(tmp_path, "own-tasks")
    text = (repository.path / "tasks.py").read_text()
    repository.put("tasks.py", text.replace("import boto3\n", "").replace('boto3.client("s3")', "pass"))
    run(repository)
    assert "Your task lint hides aks-flow's: call one of them otherwise" in capsys.readouterr().out
