"""What a run is given, before act has it."""

from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.github import running
from aks_flow.rehearsal.standins.github.event import PUSH, Event
from aks_flow.rehearsal.standins.github.hub import Hub
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
