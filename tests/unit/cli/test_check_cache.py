"""What has passed is not checked again while what it reads is the same."""

import shutil
import sys
from pathlib import Path

import pytest

from aks_flow.cli import manifest_check, workflows
from aks_flow.cli.check_cache import VARIABLE, open_cache
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from tests.task_context import GivenTask

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def work(remote, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "passed"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # as Invoke has it: a task leaves no __pycache__
    return remote.work


def test_a_note_holds_until_what_was_read_changes(work):
    cache = open_cache(Local(), work.path)
    assert not cache.has_passed("lint", ["file"])
    cache.remember("lint", ["file"])
    work.commit("other", "one\n")
    assert open_cache(Local(), work.path).has_passed("lint", ["file"])
    work.commit("file", "changed\n")
    assert not open_cache(Local(), work.path).has_passed("lint", ["file"])


def test_a_note_is_one_check_s_alone(work):
    cache = open_cache(Local(), work.path)
    cache.remember("lint", ["file"])
    assert not cache.has_passed("unit", ["file"])


def test_a_dirty_work_tree_is_always_checked(work):
    open_cache(Local(), work.path).remember("lint", ["file"])
    (work.path / "new").write_text("not committed")
    assert not open_cache(Local(), work.path).has_passed("lint", ["file"])


def test_without_a_folder_nothing_is_kept(work, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    cache = open_cache(Local(), work.path)
    cache.remember("lint", ["file"])
    assert not cache.has_passed("lint", ["file"])


@pytest.mark.parametrize("folder", ["manifests", ".github"])
def test_a_sound_folder_is_not_checked_again_until_something_but_the_app_changes(
    work, settings, folder, capsys
):
    shutil.copytree(ROOT / folder, work.path / folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "tasks.py", work.path)
    (work.path / "app").mkdir(exist_ok=True)
    work.git("add", folder, "tasks.py")
    task = GivenTask(work.path, settings)
    check = {"manifests": manifest_check, ".github": workflows}[folder].check_task
    said = []
    for name in ("first", "app/page", "other"):
        work.commit(name, "one\n")
        check(task, json=False)
        said.append("unchanged" in capsys.readouterr().out)
    assert said == [False, True, False]
    check(task, json=True)
    assert capsys.readouterr().out.strip() == "[]"


def test_findings_are_never_noted(work, settings):
    shutil.copy(ROOT / "tasks.py", work.path)
    work.git("add", "tasks.py")
    work.commit(".github/workflows/bad.yml", "on: push\njobs: {}\n")
    for _ in range(2):
        with pytest.raises(AksFlowError, match="findings"):
            workflows.check_task(GivenTask(work.path, settings), json=False)
