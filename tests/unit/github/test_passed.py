"""What has passed is not checked again while what it reads is the same."""

import pytest

from scripts.passed import VARIABLE, open_passed
from scripts.runner import Local


@pytest.fixture
def work(remote, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "passed"))
    return remote.work


def test_a_note_holds_until_what_was_read_changes(work):
    passed = open_passed(Local(), work.path)
    assert not passed.held("lint", ["file"])
    passed.note("lint", ["file"])
    work.commit("other", "one\n")
    assert open_passed(Local(), work.path).held("lint", ["file"])
    work.commit("file", "changed\n")
    assert not open_passed(Local(), work.path).held("lint", ["file"])


def test_a_note_is_one_check_s_alone(work):
    passed = open_passed(Local(), work.path)
    passed.note("lint", ["file"])
    assert not passed.held("unit", ["file"])


def test_a_dirty_work_tree_is_always_checked(work):
    open_passed(Local(), work.path).note("lint", ["file"])
    (work.path / "new").write_text("not committed")
    assert not open_passed(Local(), work.path).held("lint", ["file"])


def test_without_a_folder_nothing_is_kept(work, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    passed = open_passed(Local(), work.path)
    passed.note("lint", ["file"])
    assert not passed.held("lint", ["file"])
