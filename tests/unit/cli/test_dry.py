"""Every task under --dry, in a copy of the project that may not change: no write, no request but reads."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from invoke import Context
from invoke.config import Config as InvokeConfig

from aks_flow.cli.context import TaskContext
from aks_flow.cli.run_task import function_of
from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Local
from tests.unit.cli.test_context import ROOT, TASKS, arguments
from tests.unit.gitflow.repository import Repository

# What the tasks are given, where their own defaults and a word do not lead far enough.
GIVEN = {
    "manifests.set": {
        "path": "kind",
        "value": "Component",
        "files": "manifests/overlays/dev/kustomization.yaml",
    },
    "manifests.get": {"path": "kind", "files": "manifests/overlays/dev/kustomization.yaml"},
    "manifests.images": {"files": "manifests/**/*.yaml"},
    "flow.feature.start": {"name": "dark-mode"},
    "flow.feature.finish": {"name": "open"},
    "flow.release.start": {"version": "1.5.0"},
    "flow.hotfix.start": {"version": "1.4.1"},
    "flow.notes": {"commit": ""},
    "flow.version": {"commit": ""},
    "push.run": {"env": "dev"},
    "gitops.deliver": {"env": "dev"},
}
WRITING = {
    f"os.{name}"
    for name in ("mkdir", "rename", "remove", "rmdir", "link", "symlink", "chmod", "chown", "truncate")
}
EMPTY = {"-o": b'{"items": []}', "--output": b'{"items": []}'}


class Watch:
    """What Python writes beneath a folder and whom it calls, while it is on. An audit hook stays for good."""

    folder, seen = "", None

    @classmethod
    def hear(cls, event: str, given: tuple) -> None:
        if cls.seen is None:
            return
        if event == "socket.connect" and not isinstance(given[1], str | bytes):
            raise ConnectionRefusedError(111, "Connection refused")
        places = given[:1] if event == "open" else given
        if (event in WRITING or (event == "open" and _writes(given))) and cls._is_beneath(places):
            cls.seen.append(f"{event} {given}")
        if event == "subprocess.Popen" and given[0] != "git":
            cls.seen.append(f"started {given[1]}")

    @classmethod
    def _is_beneath(cls, given: tuple) -> bool:
        """Whether one of the paths is; a number among them is the open folder that they start from, or -1."""
        folders = [os.readlink(f"/proc/self/fd/{item}") for item in given[1:] if _is_folder(item)]
        paths = (os.fsdecode(item) for item in given[:2] if isinstance(item, str | bytes | os.PathLike))
        return any(os.path.abspath(os.path.join(*folders[:1], path)).startswith(cls.folder) for path in paths)


def _is_folder(item: object) -> bool:
    return isinstance(item, int) and item >= 0 and os.path.isdir(f"/proc/self/fd/{item}")


def _writes(given: tuple) -> bool:
    _, mode, flags = given
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))


sys.addaudithook(Watch.hear)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Iterator[Repository]:
    """A copy of this project as one commit, with a release, a feature and an open release."""
    made = Repository(tmp_path_factory.mktemp("project"))
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    listing = [name for name in names.stdout.split("\0") if (ROOT / name).is_file()]
    for name in listing:
        (made.path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, made.path / name)
    made.git("init", "--quiet", "--initial-branch=main")
    for key in ("user.name", "user.email"):
        made.git("config", key, "t@localhost")
    made.git("add", ".")
    made.commit(message="Everything")
    made.git("tag", "v1.4.0")
    for branch in ("release/1.5.0", "feature/open", "develop"):
        made.git("checkout", "--quiet", "-b", branch)
        made.commit()
    before = state_of(made.path)
    yield made
    assert state_of(made.path) == before


class Machine:
    """A machine on which git answers by itself, and every other program either with nothing or not at all."""

    def __init__(self, answers: bool):
        self.answers, self.changed = answers, []

    def run(self, _, command: Command) -> Result:
        if not command.reads:
            self.changed.append(str(command))
        result = self._git(command) if command.argv[0] == "git" else self._other(command)
        if result.code not in command.ok:
            raise CommandFailed(command, result)
        return result

    def refuse(self, _, command: Command, *rest) -> None:
        self.changed.append(f"started {command}")
        raise AksFlowError("nothing is started here", next_step="Look at the test.")

    @staticmethod
    def _git(command: Command) -> Result:
        stdin = command.stdin.encode() if isinstance(command.stdin, str) else command.stdin
        ran = subprocess.run(
            command.argv, capture_output=True, input=stdin, env={**os.environ, **command.env}
        )
        return Result(ran.returncode, ran.stdout, ran.stderr)

    def _other(self, command: Command) -> Result:
        if not self.answers:
            return Result(125, b"", b"The connection to the server was refused")
        return Result(0, next((EMPTY[word] for word in command.argv if word in EMPTY), b""), b"")


def state_of(folder: Path) -> dict[str, tuple]:
    """Every file's size and time; git's own objects and index may be written by what reads."""
    kept = (
        path for path in folder.rglob("*") if path.is_file() and not _is_gits_own(path.relative_to(folder))
    )
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in kept}


def _is_gits_own(path: Path) -> bool:
    return path.parts[:2] == (".git", "objects") or path.parts[:2] == (".git", "index")


@pytest.fixture
def dry(project, monkeypatch) -> TaskContext:
    monkeypatch.chdir(project.path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # Python's own cache of tasks.py is not the task's
    monkeypatch.setenv("HOME", str(project.path / "home"))
    settings = InvokeConfig(project_location=str(project.path), overrides={"run": {"dry": True}})
    settings.load_project()
    return TaskContext(Context(settings), root=project.path)


@pytest.mark.parametrize("answers", [False, True], ids=["where nothing answers", "where all is empty"])
@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_task_under_dry_writes_nothing_and_asks_only_what_reads(
    dry, project, monkeypatch, capfd, name, answers
):
    machine = Machine(answers)
    monkeypatch.setattr(Local, "run", lambda *words: machine.run(*words))
    for method in ("attach", "record", "start", "follow"):
        monkeypatch.setattr(Local, method, lambda *words: machine.refuse(*words))
    monkeypatch.setattr(Watch, "folder", str(project.path))
    monkeypatch.setattr(Watch, "seen", seen := [])
    try:
        function_of(TASKS[name])(dry, **arguments(TASKS[name], **GIVEN.get(name, {})))
    except AksFlowError:
        pass
    except (ValueError, LookupError, TypeError, AttributeError):
        if not answers:  # a refusal is an answer that programs give; nothing at all is none
            raise
    finally:
        monkeypatch.setattr(Watch, "seen", None)
    assert (machine.changed, seen) == ([], [])
