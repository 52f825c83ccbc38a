"""Who reaches the stand-in's API: its socket is in a folder of all users, and its tokens are no secrets."""

import os
import stat
import tempfile
from pathlib import Path

import pytest
import yaml

from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.argocd.application_sets.pull_requests import GitHub, GitHubError
from aks_flow.rehearsal.standins.github import github_process, pulls
from aks_flow.rehearsal.standins.github.api import listening, requests
from aks_flow.rehearsal.standins.github.api.tokens import PERSON
from aks_flow.rehearsal.standins.github.event import REPOSITORY
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.process.github_address import HOST, socket_of


@pytest.fixture
def open_to_all():
    """A user whose new files are everybody's, as with some settings of a login."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_no_other_user_can_connect(tmp_path, open_to_all):
    hub = Hub(Local(), tmp_path / "vote.git", tmp_path)
    server = listening.listen(hub)
    try:
        settings = yaml.safe_load((tmp_path / "gh" / "config.yml").read_text())
        socket = Path(settings["http_unix_socket"])
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    finally:
        listening.close(hub, server)
    assert not socket.exists()


@pytest.mark.parametrize("length", [20, 70, 80, 200])
def test_it_listens_whatever_the_length_of_the_folder_for_temporary_files(tmp_path, monkeypatch, length):
    folder = tmp_path / "long" / "/".join(["x" * length] * 2)
    folder.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    hub = Hub(Local(), tmp_path / "vote.git", tmp_path)
    listening.close(hub, listening.listen(hub))


@pytest.fixture
def served(tmp_path):
    hub = Hub(Local(), tmp_path / "vote.git", tmp_path)
    github_process.make_repository(hub.run, hub.repository)
    server = listening.listen(hub)
    yield GitHub(HOST, socket_of(hub.state))
    listening.close(hub, server)


def test_whoever_has_no_token_reads_sixty_times_an_hour(served):
    owner, name = REPOSITORY.split("/")
    for _ in range(60):
        assert served.open_requests(owner, name, "") == []
    with pytest.raises(GitHubError, match=f"for {REPOSITORY}: .* 403 API rate limit exceeded"):
        served.open_requests(owner, name, "")
    assert served.open_requests(owner, name, PERSON) == []


@pytest.mark.parametrize("count", [99, 100, 101])
def test_a_long_list_is_read_page_by_page(served, monkeypatch, count):
    monkeypatch.setattr(pulls, "all_of", lambda hub: [pulls.Pull(n, "x", "main") for n in range(count)])
    monkeypatch.setattr(pulls, "state", lambda hub, pull: "open")
    monkeypatch.setattr(requests, "_document", lambda hub, pull: {"number": pull.number})
    found = served.open_requests(*REPOSITORY.split("/"), PERSON)
    assert [item["number"] for item in found] == sorted(range(count), reverse=True)
