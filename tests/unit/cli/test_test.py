"""`./inv test` runs the suites that the project names; one that fails keeps no other from running."""

import subprocess

import pytest

from aks_flow.cli import test
from aks_flow.core.errors import AksFlowError
from tests.task_context import GivenTask


@pytest.fixture
def run(settings, tmp_path):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)

    def run(suites: dict, only: str = "", args: str = "", dry: bool = False):
        task = GivenTask(tmp_path, {**settings, "test": suites, "run": {"dry": dry}})
        return test.test_task(task, only, args)

    return run


TWO = {"unit": ["touch unit", "touch unit-2"], "e2e": ["touch e2e"]}


@pytest.mark.parametrize(
    ("only", "made"), [("", {"unit", "unit-2", "e2e"}), ("unit", {"unit", "unit-2"}), ("e2e", {"e2e"})]
)
def test_all_suites_run_or_the_one_that_is_named(run, tmp_path, only, made):
    run(TWO, only)
    assert {path.name for path in tmp_path.iterdir()} - {".git"} == made


def test_more_words_go_to_each_command(run, tmp_path):
    run(TWO, "unit", "'a b'")
    assert (tmp_path / "a b").is_file()


def test_a_suite_ends_at_its_first_failure_and_the_next_one_runs(run, tmp_path):
    with pytest.raises(AksFlowError, match="`false` ended with exit code 1"):
        run({"unit": ["false", "touch unit"], "e2e": ["touch e2e"]})
    assert {path.name for path in tmp_path.iterdir()} - {".git"} == {"e2e"}


def test_all_that_failed_are_named(run):
    with pytest.raises(AksFlowError, match="these suites failed: unit, web"):
        run({"unit": ["false"], "e2e": ["true"], "web": ["false"]})


@pytest.mark.parametrize(
    ("suites", "only", "why"),
    [
        (TWO, "unti", "there is no suite 'unti'; there are unit, e2e. Did you mean 'unit'"),
        ({}, "", "`test` names no command. Name the project's own commands"),
        ({}, "unit", "`test` names no command"),
    ],
)
def test_what_is_not_there_is_a_sentence(run, suites, only, why):
    with pytest.raises(AksFlowError, match=why):
        run(suites, only)


def test_a_dry_run_shows_the_commands(run, tmp_path, capsys):
    run(TWO, "e2e", dry=True)
    assert "would run: touch e2e" in capsys.readouterr().err and not (tmp_path / "e2e").exists()
