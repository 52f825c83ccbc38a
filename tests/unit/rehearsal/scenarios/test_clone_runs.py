"""What the drills hear of a task while it runs."""

from dataclasses import replace

import pytest

from aks_flow.core.command import command
from aks_flow.core.runner import Local
from aks_flow.rehearsal.scenarios import clone_tasks
from aks_flow.rehearsal.scenarios.drills.clone_runs import CloneRuns, LinesOf

SAYS = "print('ok  plan', flush=True); import sys; sys.exit('note: evidence\\nerror: dev is bad: error: no')"


@pytest.fixture
def runs(config, tmp_path, monkeypatch):
    """Runs of a task that is a program of one line."""
    monkeypatch.setattr(clone_tasks, "variables", lambda config, repo: {})
    monkeypatch.setattr(clone_tasks, "task", lambda repo, *words: command("python", "-c", *words))
    return CloneRuns(Local(), replace(config, root=tmp_path), tmp_path, tmp_path / "drill.log")


def test_both_streams_are_heard_and_the_error_is_all_that_follows(runs):
    lines = []
    answer = runs.heard(lines.append, SAYS)
    assert lines == ["ok  plan", "note: evidence", "error: dev is bad: error: no"]
    assert (answer.exit, answer.error) == (1, "dev is bad: error: no")
    assert "note: evidence" in runs.log.read_text()


def test_a_line_is_handed_on_once_and_when_it_is_whole(tmp_path):
    file, lines = tmp_path / "log", []
    hand_on = LinesOf(file, lines.append)
    for text, heard in (("a\nb", ["a"]), ("a\nbc\n", ["a", "bc"]), ("a\nbc\n", ["a", "bc"])):
        file.write_text(text)
        assert hand_on(False) is False and lines == heard
    assert hand_on(True) is True
