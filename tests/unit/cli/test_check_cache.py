"""What has passed is not checked again while what it reads is the same."""

import shutil
from pathlib import Path

import pytest
import yaml

from aks_flow.cli import manifests, workflows
from aks_flow.cli.check_cache import VARIABLE, open_passed
from aks_flow.core.config import load
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from tasks import namespace

ROOT = Path(__file__).resolve().parents[3]


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


@pytest.mark.parametrize("folder", ["manifests", ".github"])
def test_a_sound_folder_is_not_checked_again_until_something_but_the_app_changes(work, folder, capsys):
    shutil.copytree(ROOT / folder, work.path / folder, dirs_exist_ok=True)
    (work.path / "app").mkdir(exist_ok=True)
    work.git("add", folder)
    config = load(yaml.safe_load((ROOT / "invoke.yaml").read_text()), work.path)
    check = {
        "manifests": lambda as_json=False: manifests.check(Local(), config, as_json),
        ".github": lambda as_json=False: workflows.check(work.path, namespace, as_json),
    }[folder]
    said = []
    for name in ("first", "app/page", "other"):
        work.commit(name, "one\n")
        check()
        said.append("unchanged" in capsys.readouterr().out)
    assert said == [False, True, False]
    check(as_json=True)
    assert capsys.readouterr().out.strip() == "[]"


def test_findings_are_never_noted(work):
    work.commit(".github/workflows/bad.yml", "on: push\njobs: {}\n")
    for _ in range(2):
        with pytest.raises(AksFlowError, match="findings"):
            workflows.check(work.path, namespace, as_json=False)
