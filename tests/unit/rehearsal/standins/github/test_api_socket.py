"""Who reaches the stand-in's API: its socket is in a folder of all users, and its tokens are no secrets."""

import os
import stat
from pathlib import Path

import pytest
import yaml

from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.github.api import listening
from aks_flow.rehearsal.standins.github.hub import Hub


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
