"""Which project a command is for: the nearest invoke.yaml, wherever the package itself lies."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aks_flow.core import project
from aks_flow.core.errors import AksFlowError
from tests.package import ENVIRONMENT

MAIN = "import sys; from aks_flow.cli.program import main; sys.argv[0] = 'aks-flow'; main()"
OWN = """from invoke import Collection, task
from aks_flow import collection

@task
def greet(context):
    "Say where this is."
    print("hello")

namespace = collection()
namespace.add_task(greet)
"""


def aks_flow(*words: str, cwd: Path) -> subprocess.CompletedProcess:
    """The command of an installed package, in a folder."""
    program = [sys.executable, "-c", MAIN, *words]
    return subprocess.run(program, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Another team's repository, with a configuration of its own."""
    settings = Path(__file__).parents[3] / "invoke.yaml"
    folder = tmp_path / "a shop"
    (folder / "services" / "api").mkdir(parents=True)
    (folder / "invoke.yaml").write_text(settings.read_text().replace("name: front", "name: api"))
    for words in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message=first")):
        identity = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", *identity, *words], cwd=folder, check=True)
    return folder


def test_the_project_is_the_folder_of_the_nearest_configuration(shop):
    assert project.find(shop / "services" / "api") == shop


def test_without_one_there_is_a_sentence(tmp_path):
    with pytest.raises(AksFlowError, match="there is no invoke.yaml here"):
        project.find(tmp_path)
    answer = aks_flow("flow.version", cwd=tmp_path)
    assert answer.returncode == 1 and "--root FOLDER" in answer.stderr and "Traceback" not in answer.stderr


def test_a_project_without_tasks_of_its_own_has_those_of_the_package(shop):
    answer = aks_flow("flow.version", cwd=shop / "services")
    assert answer.returncode == 0 and answer.stdout.startswith("0."), answer.stderr


def test_a_team_s_own_tasks_stand_beside_them(shop):
    (shop / "tasks.py").write_text(OWN)
    for words in (("greet",), ("flow.version",)):
        assert aks_flow(*words, cwd=shop).returncode == 0
    assert {"greet", "push.plan"} < set(aks_flow("--complete", "--", "aks-flow ", cwd=shop).stdout.split())


def test_the_root_can_be_named(shop, tmp_path):
    assert aks_flow("--root", str(shop), "flow.version", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("task", [["flow.version"], ["--list"], ["--help", "push"], []], ids=" ".join)
@pytest.mark.parametrize(
    ("folder", "why"),
    [("empty", "there is no invoke.yaml here"), ("nowhere", "there is no such folder")],
)
def test_a_named_root_that_is_no_project_is_refused_at_once(shop, tmp_path, task, folder, why):
    (tmp_path / "empty").mkdir(exist_ok=True)
    answer = aks_flow("--root", str(tmp_path / folder), *task, cwd=shop)
    assert answer.returncode == 1 and answer.stdout == ""
    step = "Name the folder of an invoke.yaml, or leave --root out to have the nearest one."
    assert answer.stderr == f"error: {tmp_path / folder}: {why}. {step}\n"


def test_completion_of_a_root_that_is_no_project_writes_nothing(shop, tmp_path):
    answer = aks_flow("--root", str(tmp_path), "--complete", "--", "aks-flow", "pu", cwd=shop)
    assert (answer.stdout, answer.stderr) == ("", "")


@pytest.mark.parametrize("given", [["--root", "b"], ["--root=b"], ["-r", "b"]])
def test_a_named_root_counts_more_than_the_wrapper_s(given):
    from aks_flow.cli.program import _with_one_root

    assert _with_one_root(["inv", "--search-root", "a", *given, "push"]) == ["inv", *given, "push"]
    assert _with_one_root(["inv", "--search-root", "a", "push"]) == ["inv", "--search-root", "a", "push"]


def test_a_configuration_below_the_top_is_refused(shop):
    inner = shop / "services"
    (inner / "invoke.yaml").write_text((shop / "invoke.yaml").read_text())
    answer = aks_flow("push.plan", "--env=dev", cwd=inner)
    assert answer.returncode == 1 and "not at the top of a git repository" in answer.stderr


def test_the_version_is_the_package_s(tmp_path):
    assert aks_flow("--version", cwd=tmp_path).stdout == "aks-flow 0.1.0\n"


@pytest.mark.parametrize("flag", ["--list", "--version"])  # more and less than a buffer holds
def test_a_reader_that_goes_away_ends_the_run_quietly(shop, flag):
    command = [sys.executable, "-c", MAIN, flag]
    read, write = os.pipe()
    os.close(read)
    with io.FileIO(write, "w") as closed:
        answer = subprocess.run(
            command, cwd=shop, env=ENVIRONMENT, stdout=closed, stderr=subprocess.PIPE, text=True
        )
    assert answer.stderr == ""
