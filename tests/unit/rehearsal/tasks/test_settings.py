"""Whose rehearsal it is."""

import os
from types import SimpleNamespace

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.tasks import settings

NOBODY_S = 4_000_000  # a user without a name


@pytest.fixture
def task(config):
    return SimpleNamespace(dry=False, config=lambda **_: config)


def test_another_user_s_rehearsal_is_said_and_not_called_stopped(task, config, monkeypatch):
    """As after `sudo ./inv rehearse`: its processes cannot be seen, and its files not read."""
    assert settings.config(task, reads=True), "there is none yet"
    config.state.mkdir()
    owner = config.state.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY_S)
    with pytest.raises(AksFlowError, match=r"has started this rehearsal\. Run the command as ") as caught:
        settings.config(task, reads=True)
    assert caught.value.where == str(config.state)
    for user in (owner, 0):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        assert settings.config(task, reads=True)


def test_a_user_without_a_name_is_called_by_number():
    assert settings.user.name(NOBODY_S) == f"user {NOBODY_S}"
