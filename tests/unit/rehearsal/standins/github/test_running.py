"""What a run is given, before act has it."""

from pathlib import Path

import pytest

from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.github import pulls, running
from aks_flow.rehearsal.standins.github.event import PUSH, Event
from aks_flow.rehearsal.standins.github.hub import Hub
from tests.unit.gitflow.repository import Repository
from tests.unit.rehearsal.standins.github.conftest import FILE


def test_a_run_is_checked_out_though_the_folder_of_the_service_is_gone(remote, tmp_path, monkeypatch):
    """An upgrade of the package replaces the folder that the service was started in."""
    remote.push("develop")
    event = Event(PUSH, "refs/heads/develop", remote.work.git("rev-parse", "HEAD"))
    gone, folder = tmp_path / "gone", tmp_path / "run"
    for made in (gone, folder):
        made.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    running._check_out(Hub(Local(), remote.hub.repository, remote.hub.state), event, folder)
    assert (folder / "work" / FILE).is_file()


@pytest.mark.parametrize("kind", ["pull request", "tag"])
def test_act_s_copy_is_a_repository_though_main_was_never_pushed(remote, tmp_path, kind):
    """act copies files alone: git takes a folder for no repository where `refs` has none."""
    remote.push("develop")
    Repository(remote.hub.repository).git("branch", "-D", "main")
    remote.work.git("switch", "--quiet", "--create", "feature/x")
    commit = remote.work.commit("new", "text\n")
    remote.work.git("tag", "v1.0.0")
    remote.push("feature/x", "v1.0.0")
    event = Event(PUSH, "refs/tags/v1.0.0", commit)
    if kind == "pull request":
        (run,) = pulls.propose(remote.hub, "feature/x", "develop")
        event = run.event
    (tmp_path / "run").mkdir()
    running._check_out(Hub(Local(), remote.hub.repository, remote.hub.state), event, tmp_path / "run")
    work = Repository(tmp_path / "run/work")
    as_act_copies(work.path)
    assert work.git("rev-parse", "HEAD") == event.commit
    assert work.git("status", "--porcelain") == ""


def as_act_copies(folder: Path) -> None:
    """Files alone: no folder that is empty."""
    for inner in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(inner.iterdir()):
            inner.rmdir()


@pytest.mark.parametrize("path", ["vendor/shared", "vendor/Ü b"])
def test_act_s_copy_has_no_change_where_a_submodule_is_not_checked_out(remote, tmp_path, path):
    """As on GitHub, where actions/checkout leaves an empty folder for it."""
    commit = remote.work.git("rev-parse", "HEAD")
    remote.work.git("update-index", "--add", "--cacheinfo", f"160000,{commit},{path}")
    remote.work.git("commit", "--quiet", "--message", "a submodule")
    remote.push("develop")
    event = Event(PUSH, "refs/heads/develop", remote.work.git("rev-parse", "HEAD"))
    (tmp_path / "run").mkdir()
    running._check_out(Hub(Local(), remote.hub.repository, remote.hub.state), event, tmp_path / "run")
    work = Repository(tmp_path / "run/work")
    as_act_copies(work.path)
    assert work.git("status", "--porcelain") == ""
