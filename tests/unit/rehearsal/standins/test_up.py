"""The stand-ins' start: what is lacking is brought before anything starts."""

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.standins import stack
from aks_flow.rehearsal.standins.docker import engine, registry
from tests.unit.planned import Planned


def test_nothing_starts_while_something_is_lacking(monkeypatch, config):
    def fail(*_):
        raise AksFlowError("the disk is full", next_step="Free some room.")

    monkeypatch.setattr(registry, "is_running", lambda run, config: False)
    monkeypatch.setattr(stack, "runs_at", lambda process, port, key: False)
    monkeypatch.setattr(engine, "is_given", lambda run: True)
    monkeypatch.setattr(stack, "bring", fail)
    steps = Steps(Silent())
    with pytest.raises(AksFlowError, match="the disk is full"):
        stack.up(Planned({}), config, steps, pytest.fail)
    assert steps.done == []
