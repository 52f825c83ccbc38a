"""Runs are carried out with act, and every way that one can end is said."""

from contextlib import suppress
from pathlib import Path

import psutil

from aks_flow.core import wait
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.github import github_process, run_processes
from aks_flow.rehearsal.standins.github.runs import CANCELLED, FAILURE, QUEUED, RUNNING, SUCCESS
from tests.e2e.standin import configuration

WAITING = 'touch "{0}/started"; while [ ! -e "{0}/go" ]; do sleep 0.05; done'


def started(folder: Path) -> None:
    wait.until((folder / "started").exists, "the step's start", 30)


def test_a_push_runs_the_workflow_on_the_pushed_commit(remote):
    remote.workflow('git log -1 --format="%s, on $(git branch --show-current)" >> "$GITHUB_STEP_SUMMARY"')
    said = remote.push("main")
    assert "run 1: w.yml on main, queued" in said
    run = remote.ended(1)
    assert (run.state, run.note) == (SUCCESS, "")
    assert remote.hub.runs.log(run).summary == "Change .github/workflows/w.yml, on main\n"


def test_a_failed_step_is_named_and_its_output_kept(remote):
    """The step waits for its words in the log: act loses what a step prints just before it ends."""
    log = remote.hub.runs.folder(1) / "act.jsonl"
    remote.workflow(
        f"echo it broke $((40 + 2)); until grep -q 'broke 42' '{log}'; do sleep 0.05; done; exit 3"
    )
    remote.push("main")
    run = remote.ended(1)
    assert run.state == FAILURE and run.note.startswith("job w.yml/a: `echo it broke $((40 + 2));"), run.note
    assert run.note.endswith("failed")
    _, step = remote.hub.runs.log(run).failed()
    assert "it broke 42" in step.text


def test_a_branch_s_runs_go_one_after_another_and_none_is_lost(remote, tmp_path):
    remote.workflow(f'echo "begin $GITHUB_RUN_ID" >> "{tmp_path}/order"; echo end >> "{tmp_path}/order"')
    for _ in range(3):
        remote.work.git("commit", "--quiet", "--allow-empty", "-m", "Another")
        remote.push("main")
    assert [remote.ended(number).state for number in (1, 2, 3)] == [SUCCESS] * 3
    lines = (tmp_path / "order").read_text().splitlines()
    assert lines == ["begin 1", "end", "begin 2", "end", "begin 3", "end"]


def test_another_branch_does_not_wait(remote, tmp_path):
    remote.workflow(WAITING.format(tmp_path))
    remote.push("main")
    started(tmp_path)
    remote.work.git("checkout", "--quiet", "-b", "other")
    remote.workflow("true")
    remote.push("other")
    assert remote.ended(2).state == SUCCESS and remote.hub.runs.get(1).state == RUNNING
    (tmp_path / "go").touch()
    assert remote.ended(1).state == SUCCESS


def _kill(name: str, folder: Path) -> None:
    """The one process of a run that has this name; others end at any time."""
    for process in run_processes.marked(folder):
        with suppress(psutil.NoSuchProcess):
            if process.name() == name:
                return process.kill()
    raise AssertionError(f"no {name} runs")


def test_a_killed_runner_leaves_a_failed_run_no_process_and_room_for_the_next_push(remote, tmp_path):
    remote.workflow(WAITING.format(tmp_path))
    remote.push("main")
    started(tmp_path)
    folder = remote.hub.runs.folder(1)
    _kill("act", folder)
    run = remote.ended(1)
    assert (run.state, run.note) == (
        FAILURE,
        "the runner was killed (signal 9): push again to start a new run",
    )
    assert run_processes.marked(folder) == []
    remote.workflow("true")
    remote.push("main")
    assert remote.ended(2).state == SUCCESS


def test_a_stopped_github_says_what_it_left_and_takes_up_what_waited(remote, tmp_path):
    settings = configuration(tmp_path)
    remote.workflow(WAITING.format(tmp_path))
    remote.push("main")
    started(tmp_path)
    remote.work.git("commit", "--quiet", "--allow-empty", "-m", "Another")
    remote.push("main")
    github_process.stop(settings)
    assert (remote.hub.runs.get(1).state, remote.hub.runs.get(2).state) == (CANCELLED, QUEUED)
    assert "was stopped while it ran" in remote.hub.runs.get(1).note
    (tmp_path / "go").touch()
    github_process.ensure(Local(), settings)
    assert remote.ended(2).state == SUCCESS


def test_a_step_s_own_push_starts_no_workflow(remote):
    remote.workflow("git push origin HEAD:gitops")
    remote.push("main")
    assert remote.ended(1).state == SUCCESS
    assert remote.hub.commit("refs/heads/gitops") and len(remote.hub.runs.all()) == 1


def test_a_push_while_github_is_away_waits_for_it(remote, tmp_path):
    settings = configuration(tmp_path)
    github_process.stop(settings)
    remote.workflow("true")
    assert "queued" in remote.push("main")
    github_process.ensure(Local(), settings)
    assert remote.ended(1).state == SUCCESS
