"""`./inv lint` runs what the project names, in order, and stops at what fails."""

import subprocess

import pytest

from aks_flow.cli.lint import lint_task
from aks_flow.core.errors import AksFlowError
from tests.task_context import GivenTask


@pytest.fixture
def lint(settings, tmp_path):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)

    def run(*lines: str, dry: bool = False):
        task = GivenTask(tmp_path, {**settings, "lint": list(lines), "run": {"dry": dry}})
        return lint_task(task)

    return run


def test_it_runs_the_project_s_own_commands_at_the_project_s_top(lint, tmp_path):
    lint("touch first", "sh -c 'test -f first && touch \"a second\"'")
    assert (tmp_path / "a second").is_file()


def test_the_first_that_fails_ends_it(lint, tmp_path):
    with pytest.raises(AksFlowError, match="`sh -c 'exit 3'` ended with exit code 3"):
        lint("sh -c 'exit 3'", "touch later")
    assert not (tmp_path / "later").exists()


def test_a_program_that_is_not_there_is_a_sentence(lint):
    with pytest.raises(AksFlowError, match="no-such-program"):
        lint("no-such-program .")


def test_no_command_is_said_aloud(lint):
    with pytest.raises(AksFlowError, match="`lint` names no command. Name the project's own commands"):
        lint()


def test_a_dry_run_shows_them(lint, tmp_path, capsys):
    lint("touch here", dry=True)
    assert "would run: touch here" in capsys.readouterr().err and not (tmp_path / "here").exists()
