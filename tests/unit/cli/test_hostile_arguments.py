"""Hostile texts in every argument of every task, every variable and ref name: a sentence each, or harmless.

Harmless is what is an option of no program, and is asked of no registry. A new argument, and a new variable,
is covered by itself.
"""

import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from invoke import Context
from invoke.config import Config as InvokeConfig
from invoke.exceptions import AmbiguousEnvVar, UncastableEnvVar

from aks_flow.cli import context
from aks_flow.cli.context import TaskContext
from aks_flow.cli.run_task import function_of
from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Dry, Local
from aks_flow.target.registry import RegistryClient
from tests.conftest import FIGURE
from tests.unit.cli.test_context import ROOT, TASKS, arguments, parameters
from tests.unit.cli.test_dry import GIVEN, Machine, dry, project  # noqa: F401
from tests.unit.core.config.test_hostile import LINES, MARKUP, OPTIONS, PROGRAMS, SHELL, WAYS_OUT
from tests.unit.gitflow.repository import Repository

# As the system hands them over: without a NUL, and with bytes that are not UTF-8 as surrogates.
KINDS = (OPTIONS, LINES, PROGRAMS, SHELL, WAYS_OUT, MARKUP)
TEXTS = [text for kind in KINDS for text in kind[:4] if "\0" not in text]
TEXTS += ["", "a" * 100_000, "caf\udce9", "sha256:" + "é" * 64]
ASKED = re.compile(r"[A-Za-z0-9_./?=&:%@+-]*")


class Watched(Machine):
    """The machine of a dry run, whose git is asked the same only once; it keeps what programs are given."""

    def __init__(self):
        super().__init__(answers=False)
        self.given: list[Command] = []
        self._known: dict[tuple, Result] = {}

    def run(self, runner, command: Command) -> Result:
        self.given.append(command)
        return super().run(runner, command)

    def _git(self, command: Command) -> Result:
        asked = (command.argv, str(command.stdin), str(command.env))
        if asked not in self._known:
            self._known[asked] = super()._git(command)
        return self._known[asked]

    def dangers(self, value: str) -> Iterator[str]:
        """What of the value reached a program as more than a text."""
        for command in self.given:
            words = [str(word) for word in command.argv]
            ends = [words.index(mark) for mark in ("--", "--end-of-options") if mark in words]
            before = words[: min(ends, default=None)]
            if value in OPTIONS[:3] and any(word.startswith(value) for word in before):
                yield f"an option: {command}"
        self.given.clear()


@pytest.fixture
def watched(monkeypatch) -> Watched:
    machine = Watched()
    monkeypatch.setattr(Local, "run", lambda *words: machine.run(*words))
    for method in ("attach", "record", "start", "follow"):
        monkeypatch.setattr(Local, method, lambda *words: machine.refuse(*words))
    kept = Dry.run

    def shown(self, command: Command) -> Result:
        machine.given.append(command)
        return kept(self, command)

    monkeypatch.setattr(Dry, "run", shown)
    monkeypatch.setattr(RegistryClient, "_send", _refused)
    return machine


def _refused(self, method: str, repository: str, path: str, *rest):
    assert ASKED.fullmatch(f"{repository}/{path}") and ".." not in path, f"{method} {repository}/{path}"
    raise self.silence(OSError("nobody is there"))


@pytest.fixture
def settled(dry, monkeypatch) -> TaskContext:  # noqa: F811
    """A task's context whose configuration is read once."""
    config = dry.config()
    monkeypatch.setattr(TaskContext, "config", lambda self, **instead: config)
    return dry


def refuses(task, context: TaskContext, /, **given: str) -> bool:
    """Whether the task refused; any error but a sentence is raised."""
    try:
        function_of(task)(context, **arguments(task, **given))
    except AksFlowError as error:
        assert error.next_step
        return True
    return False


def places() -> list[tuple[str, str]]:
    """Every argument of every task that takes a text."""
    return [
        (name, parameter)
        for name, task in sorted(TASKS.items())
        for parameter, kind in parameters(task).items()
        if not isinstance(kind.default, bool | int)
    ]


def test_every_argument_of_every_task(settled, watched, capfd, record_property):
    tried = refused = 0
    dangers = []
    for name, parameter in places():
        for value in TEXTS:
            tried += 1
            given = {**GIVEN.get(name, {}), parameter: value}
            try:
                refused += refuses(TASKS[name], settled, **given)
            except Exception as error:
                dangers.append(f"{name} --{parameter}={value[:40]!r}: {type(error).__name__}: {error}"[:300])
            dangers += [f"{name} --{parameter}: {danger}" for danger in watched.dangers(value)]
    assert dangers == []
    record_property(FIGURE, f"arguments: {tried} hostile values tried, {refused} refused")


# The runner's own files, whose names a job cannot choose.
OF_THE_RUNNER = {"GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY", "GITHUB_PATH", "RUNNER_TEMP"}
NAMED = re.compile(r'"((?:ACTIONS|AKSFLOW|AZURE|DOCKER|GH|GITHUB|RUNNER)_[A-Z_]+)"')
READERS = ("push.lock", "gitops.deliver", "azure.check-identity", "login")
FEW = [*OPTIONS[:2], "a\nb", "ext::sh -c id", "../../etc/passwd", "caf\udce9", "a" * 9_000]


def variables() -> list[str]:
    """Every variable that the code names, but for the rehearsal's."""
    files = (ROOT / "scripts" / "aks_flow").rglob("*.py")
    texts = [file.read_text() for file in files if "rehearsal" not in file.parts]
    return sorted({name for text in texts for name in NAMED.findall(text)} - OF_THE_RUNNER)


def test_every_variable(settled, watched, monkeypatch, capfd):
    dangers = []
    assert len(variables()) > 20
    for variable, value, name in product(variables(), FEW, READERS):
        with monkeypatch.context() as patch:
            patch.setenv(variable, value)
            try:
                refuses(TASKS[name], settled, **GIVEN.get(name, {}))
            except Exception as error:
                dangers.append(f"{variable}={value[:40]!r}, {name}: {type(error).__name__}: {error}"[:300])
        dangers += [f"{variable}, {name}: {danger}" for danger in watched.dangers(value)]
    assert dangers == []


def test_every_variable_of_the_configuration(monkeypatch):
    """Invoke's own refusals are sentences by the program that reads them."""
    settings = InvokeConfig(project_location=str(ROOT))
    settings.load_project()
    names = [name for name in context._variables(settings, "INVOKE") if not name.startswith("INVOKE_RUN")]
    assert len(names) > 20
    for name, value in product(names, FEW):
        with (
            monkeypatch.context() as patch,
            suppress(AksFlowError, ValueError, AmbiguousEnvVar, UncastableEnvVar),
        ):
            patch.setenv(name, value)
            settings.load_shell_env()
            TaskContext(Context(settings), root=ROOT).config()


@pytest.fixture
def odd_refs(project, tmp_path) -> Repository:  # noqa: F811
    """A clone whose branches and tags are called as git allows and nobody should; one is checked out."""
    clone = project.clone(str(tmp_path / "odd"))
    kinds = ("heads/", "heads/feature/", "heads/release/", "tags/", "tags/v")
    for ref in (f"refs/{kind}{text}" for kind, text in product(kinds, TEXTS) if len(text) < 200):
        subprocess.run(["git", "update-ref", ref, "HEAD"], cwd=clone.path, stderr=subprocess.DEVNULL)
    clone.git("symbolic-ref", "HEAD", "refs/heads/feature/--upload-pack=touch")
    return clone


def dry_context(folder: Path) -> Context:
    settings = InvokeConfig(project_location=str(folder), overrides={"run": {"dry": True}})
    settings.load_project()
    return Context(settings)


def test_every_ref_name(odd_refs, settled, watched, monkeypatch, capfd):
    """Each task as it is called without arguments, where every branch and tag has such a name."""
    there = len(odd_refs.git("for-each-ref", "--format=%(objectname)").splitlines())
    monkeypatch.chdir(odd_refs.path)
    beside = TaskContext(dry_context(odd_refs.path), root=odd_refs.path)
    config = replace(settled.config(), root=odd_refs.path)
    monkeypatch.setattr(TaskContext, "config", lambda self, **instead: config)
    dangers = []
    for name, task in sorted(TASKS.items()):
        try:
            refuses(task, beside, **GIVEN.get(name, {}))
        except Exception as error:
            dangers.append(f"{name}: {type(error).__name__}: {error}"[:300])
        dangers += [f"{name}: {danger}" for value in OPTIONS[:3] for danger in watched.dangers(value)]
    assert dangers == [] and there > 50
