"""What a rehearsal's things are called by: its state folder, whatever that is called."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from aks_flow.rehearsal.standins.identity import identity
from aks_flow.rehearsal.standins.process.github_address import socket_of

NAMES = ["plain", "böx app", "b\udcc3\udcb6x"]  # the last is the second's where a locale reads bytes alone


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_of_any_name_has_an_identity_and_a_socket(name):
    state = Path("/") / name
    assert len(identity(SimpleNamespace(state=state))) == 8
    assert socket_of(state) == socket_of(Path("/") / name)
