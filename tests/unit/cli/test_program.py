"""What Invoke itself refuses, before any task of ours begins: one sentence, no traceback."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aks_flow.cli.first_flags import task_to_help_with, with_first_flags
from aks_flow.cli.program import FIRST
from tasks import namespace
from tests.package import ENVIRONMENT, hear_stops

ROOT = Path(__file__).resolve().parents[3]


def inv(*words: str, root: Path = ROOT, **variables: str) -> subprocess.CompletedProcess:
    program = [sys.executable, root / "scripts/aks_flow/cli/program.py", "--search-root", root, *words]
    environment = {**os.environ, "COLUMNS": "200", **variables}
    return subprocess.run(program, capture_output=True, text=True, env=environment)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's tasks, with a configuration of the test's own."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tasks.py", "invoke.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_what_a_task_loads_is_compiled_once_and_the_project_stays_as_it_is(copy):
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    program = [sys.executable, copy / "scripts/aks_flow/cli/program.py", "--search-root", copy]
    subprocess.run([*program, "flow.version"], capture_output=True, env=environment)
    assert list((copy / "scripts/aks_flow/cli/__pycache__").glob("run_task.*.pyc"))
    assert not (copy / "__pycache__").exists()


def refused(answer: subprocess.CompletedProcess) -> str:
    assert answer.returncode == 1 and "Traceback" not in answer.stderr, answer.stderr
    [line] = answer.stderr.splitlines()
    return line


STOPPED = "\nimport os\nimport signal\n\nos.kill(os.getpid(), signal.SIGINT)\n"


@pytest.mark.parametrize("loaded", ["tasks.py", "scripts/aks_flow/cli/light_invoke.py"])
def test_a_ctrl_c_before_a_task_begins_ends_it_as_any_program(copy, loaded):
    with (copy / loaded).open("a") as file:
        file.write(STOPPED)
    program = [sys.executable, copy / "scripts/aks_flow/cli/program.py", "--search-root", copy, "--list"]
    told = subprocess.run(program, capture_output=True, text=True, preexec_fn=hear_stops)
    assert (told.returncode, told.stdout, told.stderr) == (-signal.SIGINT, "", "")


def test_a_variable_of_the_wrong_type_is_named():
    answer = inv("flow.version", INVOKE_DEADLINE="abc")
    assert refused(answer) == (
        "error: INVOKE_DEADLINE: invalid literal for int() with base 10: 'abc'. Correct or unset it."
    )


def test_a_flag_of_the_wrong_type_is_named():
    assert refused(inv("rehearsal.logs", "--lines=x")).startswith("error: 'x' is not what its flag takes.")


def test_a_configuration_that_is_not_yaml_is_named_with_its_line(copy):
    (copy / "invoke.yaml").write_text("target: [rehearsal\nfoo: }\n")
    assert refused(inv("flow.version", root=copy)).startswith(
        "error: invoke.yaml, line 2: this is not YAML ("
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("some text", "it has no keys with values."),
        ("- target: rehearsal", "it has no keys with values."),
        ("1: rehearsal", "the key 1 is of YAML's type int. Put it in quotes"),
        (
            "environments: {no: {namespace: shop-no}}",
            "the key False is of YAML's type bool. Put it in quotes",
        ),
        ("lint: [{2026-12-01: true}]", "the key datetime.date(2026, 12, 1) is of YAML's type date."),
    ],
)
def test_a_configuration_without_settings_is_said_so(copy, text, said):
    (copy / "invoke.yaml").write_text(text)
    assert refused(inv("flow.version", root=copy)).startswith(f"error: invoke.yaml: {said}")


@pytest.mark.parametrize(
    ("text", "line"), [(b"def broken(:\n", 1), (b"one = 1\n  two = 2\n", 2), (b"one = 1\nname = '\xff'\n", 2)]
)
def test_tasks_of_a_team_that_are_not_python_are_named_with_their_line(copy, text, line):
    (copy / "tasks.py").write_bytes(text)
    said = refused(inv("--list", root=copy))
    assert said.startswith(f"error: {copy / 'tasks.py'}, line {line}: this is not Python (")


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("no-such-task", "./inv --list shows all tasks."),
        ("doctr", "Did you mean 'doctor'?"),
        ("pusch", "Did you mean 'push'?"),
        ("push.pln --env dev", "Did you mean 'push.plan'?"),
        ("--help gitops.statsu", "Did you mean 'gitops.status'?"),
        ("push --enw dev", "Did you mean '--env'?"),
        ("push --volume dev", "./inv --help TASK shows its flags."),
    ],
)
def test_an_unknown_word_is_named_with_what_may_have_been_meant(words, step):
    said = refused(inv(*words.split()))
    assert said.startswith("No idea what '") and said.endswith(f"' is! {step}")


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("drill crash-loop --json", "drill --name=crash-loop --json"),
        ("drill --json", "drill --json"),
        ("push dev", "push --env=dev"),
        ("push dev --dirty", "push --env=dev --dirty"),
        ("push --env dev", "push --env dev"),
        ("push drill", "push drill"),
        ("push dev drill", "push --env=dev drill"),
        ("push.deploy 1.2.3 --env dev", "push.deploy 1.2.3 --env dev"),
        ("gitops.deliver dev", "gitops.deliver dev"),
        ("azure.plan dev", "azure.plan dev"),
    ],
)
def test_a_task_s_first_argument_needs_no_flag(given, read):
    assert with_first_flags(namespace, given.split()) == read.split()


@pytest.mark.parametrize("name", sorted(namespace.task_names))
def test_help_behind_any_task_is_that_task_s(name):
    """Also where a value is due."""
    assert task_to_help_with(namespace, [name, "--help"]) == name
    assert task_to_help_with(namespace, ["push", "--dirty", "here", name, "value", "-h"]) == name


@pytest.mark.parametrize(
    "words", ["push", "push --env --help", "--help", "push --reason -h", "no-task --help"]
)
def test_a_task_is_not_helped_with_unasked(words):
    assert task_to_help_with(namespace, words.split()) == ""


@pytest.mark.parametrize("words", ["gitops.promote --help", "gitops.deliver -h", "push.deploy 1.2 --help"])
def test_help_is_shown_where_a_value_is_due(words):
    answer = inv(*words.split())
    assert answer.returncode == 0
    assert answer.stdout.startswith(f"Usage: ./inv [--core-opts] {words.split()[0]} ")


def test_no_configuration_is_loaded_before_a_task_asks_for_it():
    program = "import sys, aks_flow.cli.program; print('aks_flow.core.config' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", program], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "False\n"


def test_alone_it_shows_what_one_starts_with():
    answer = inv()
    assert answer.returncode == 0
    shown = [line.split()[1] for line in answer.stdout.splitlines() if line.startswith("  ./inv ")]
    assert shown == list(FIRST)
    assert answer.stdout.splitlines()[-1] == "All of them: ./inv --list"


def test_a_package_that_is_missing_is_named(copy):
    (copy / "scripts" / "aks_flow" / "cli" / "flow.py").write_text("import no_such_package.part\n")
    assert refused(inv("flow.version", root=copy)) == (
        "error: the Python package 'no_such_package' is not here. "
        f"Run it as ./inv TASK; if you did, remove {sys.prefix} and run it again."
    )


def test_a_module_of_ours_that_is_missing_is_a_fault(copy):
    broken = "from aks_flow.no_such_module import part\n"
    (copy / "scripts" / "aks_flow" / "cli" / "flow.py").write_text(broken)
    assert "Traceback" in inv("flow.version", root=copy).stderr


def test_the_drills_are_listed_without_being_held():
    listed = inv("drill", "--list")
    assert listed.returncode == 0 and "crash-loop" in listed.stdout and "gitops.deliver" not in listed.stdout


def test_a_shell_completes_tasks_and_their_flags():
    script = inv("--print-completion-script", "bash").stdout
    assert "complete -F _complete_./inv -o default ./inv inv" in script
    assert "push.undo" in inv("--complete", "--", "./inv pu").stdout.split()
    assert inv("--complete", "--", "./inv push.undo --").stdout.split() == ["--env", "--json", "--to"]
