"""What a task refuses before anything runs: a faulty configuration, and an environment that is not there."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import invoke.config
import pytest
from invoke import Collection, Context, Exit

import tasks
from aks_flow.cli import run_task
from aks_flow.cli.context import TaskContext
from aks_flow.cli.run_task import function_of
from aks_flow.core.command import Command, Result, command
from aks_flow.core.config.errors import ConfigError
from aks_flow.core.runner import CommandFailed, Local
from aks_flow.target.registry import RegistryClient

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENTS = ("env", "source", "target")
# What reads no configuration, or another project's: the tasks about files, branches and the project itself.
ALONE = (
    "adopt",
    *("flow.version", "flow.notes", "lint", "manifests.get", "manifests.images", "manifests.set"),
    *("workflows.check", "workflows.fidelity"),
    *(f"flow.{kind}.{verb}" for kind in ("feature", "release", "hotfix") for verb in ("start", "finish")),
)


def named(collection: Collection, prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, task in collection.tasks.items():
        yield f"{prefix}{name}", task
    for name, inner in collection.collections.items():
        yield from named(inner, f"{prefix}{name}.")


TASKS = dict(named(tasks.namespace))


def arguments(task, **given: str) -> dict[str, str]:
    """The task's defaults; for the rest an environment that exists, or a text."""
    defaults = {name: parameter.default for name, parameter in parameters(task).items()}
    needed = [name for name, default in defaults.items() if default is inspect.Parameter.empty]
    return defaults | {name: "dev" if name in ENVIRONMENTS else "1" for name in needed} | given


def parameters(task) -> dict[str, inspect.Parameter]:
    return dict(list(inspect.signature(task.body).parameters.items())[1:])


@pytest.fixture
def context(monkeypatch) -> Context:
    """The repository's configuration, on a machine where no program and no registry may be asked anything."""

    def ran(self, command, *_):
        raise AssertionError(f"ran: {command}")

    for method in ("run", "attach", "record", "start", "follow"):
        monkeypatch.setattr(Local, method, ran)
    monkeypatch.setattr(RegistryClient, "_send", ran)
    settings = invoke.config.Config(project_location=str(ROOT))
    settings.load_project()
    return Context(settings)


@pytest.fixture
def given(context) -> TaskContext:
    return TaskContext(context, root=ROOT)


ASKED_FOR = [
    (name, parameter)
    for name, task in TASKS.items()
    for parameter in parameters(task)
    if parameter in ENVIRONMENTS
]


def test_all_tasks_with_an_environment_are_found():
    assert len(ASKED_FOR) > 14


@pytest.mark.parametrize("wrong", ["prod", "", "--help", "dev\n"])
@pytest.mark.parametrize(("name", "parameter"), ASKED_FOR)
def test_an_environment_that_is_not_there_is_refused_before_anything_runs(given, name, parameter, wrong):
    task = TASKS[name]
    with pytest.raises(ConfigError) as raised:
        function_of(task)(given, **arguments(task, **{parameter: wrong}))
    assert raised.value.what == f"there is no environment {wrong!r}; there are dev, staging, production"


@pytest.mark.parametrize("name", ["push.plan", "push.undo", "push.lock"])
def test_a_call_that_names_no_environment_means_the_first_of_the_configuration(context, monkeypatch, name):
    told, task = [], lambda given, **words: told.append(words["env"])
    monkeypatch.setattr(run_task, "function_of", lambda _: task)
    own = SimpleNamespace(environments={"qa": None, "live": None})
    monkeypatch.setattr(TaskContext, "config", lambda task: own)
    for words in ({}, {"env": "live"}):
        run_task.run_task(TASKS[name], context, arguments(TASKS[name], **words))
    assert told == ["qa", "live"]


@pytest.mark.parametrize("name", sorted(set(TASKS) - set(ALONE)))
def test_a_configuration_with_a_fault_is_refused_before_anything_runs(context, given, name):
    context.config.targets.rehearsal.registry = "localhost:5050/UPPER"
    with pytest.raises(ConfigError, match="^invoke.yaml: `targets.rehearsal.registry` must be host"):
        function_of(TASKS[name])(given, **arguments(TASKS[name]))


def test_a_variable_with_a_wrong_value_is_named(context, given, monkeypatch):
    variable = "INVOKE_TARGETS_REHEARSAL_REGISTRY"
    monkeypatch.setenv(variable, "localhost:5050/UPPER")
    context.config.load_shell_env()
    with pytest.raises(ConfigError, match=f"^{variable}: `targets.rehearsal.registry` must be .*UPPER"):
        function_of(TASKS["push.plan"])(given, **arguments(TASKS["push.plan"]))


NO_CLUSTER = (
    b'error: context "rehearsal" does not exist',
    b"Error in configuration: context was not found for specified context: rehearsal",
    b"The connection to the server 127.0.0.1:6550 was refused - did you specify the right host or port?",
    b"Unable to connect to the server: dial tcp 127.0.0.1:6550: connect: connection refused",
)


ASKED = command("kubectl", "get", "pods", cluster=True)


@pytest.fixture
def failing(context, monkeypatch):
    """Calls a task whose kubectl ends with these words."""

    def run(words: bytes, target: str, asked: Command = ASKED) -> None:
        def fail(*_, **__):
            raise CommandFailed(asked, Result(1, b"", words))

        context.config.target = target
        monkeypatch.setattr("aks_flow.cli.run_task.function_of", lambda task: fail)
        with pytest.raises(Exit):
            TASKS["push.history"](context)

    return run


@pytest.mark.parametrize("words", NO_CLUSTER)
def test_a_rehearsal_without_its_cluster_is_to_be_brought_up(failing, capsys, words):
    failing(words, "rehearsal")
    assert "Start it with ./inv rehearsal.up; then run the same command again." in capsys.readouterr().err


@pytest.mark.parametrize("words", NO_CLUSTER)
def test_another_cluster_that_does_not_answer_is_the_doctors(failing, capsys, words):
    failing(words, "cluster")
    shown = capsys.readouterr().err
    assert "./inv doctor" in shown and "rehearsal.up" not in shown


@pytest.mark.parametrize(("target", "is_brought"), [("rehearsal", True), ("cluster", False)])
def test_a_rehearsal_has_an_image_that_cannot_be_pulled_brought(failing, capsys, target, is_brought):
    failing(b"no such host", target, command("docker", "pull", "--quiet", "node:18"))
    assert ("./inv rehearsal.up bring it" in capsys.readouterr().err) == is_brought


def test_a_cluster_that_refuses_is_not_one_that_was_not_started(failing, capsys):
    failing(b"Error from server (Forbidden): pods is forbidden", "rehearsal")
    assert "rehearsal.up" not in capsys.readouterr().err
