"""Fixtures: a git repository of its own for every test that asks for one, and a moment that stands still."""

import pytest

from aks_flow.push.history import store
from tests.unit.gitflow.conftest import alone, repo  # noqa: F401
from tests.unit.push.revisions import MOMENT


@pytest.fixture(autouse=True)
def moment(monkeypatch):
    """When a verdict is written down."""
    monkeypatch.setattr(store, "rfc3339", lambda *_: MOMENT)
