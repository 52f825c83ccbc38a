"""An environment's lock on a server in memory, with a clock that tests turn."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from aks_flow.core.config.load import load
from aks_flow.core.config.sections import LockSettings
from aks_flow.core.steps import Silent, Steps
from aks_flow.push.lock import holder, queue
from aks_flow.push.lock.holder import LeaseLock
from aks_flow.push.lock.lease import Holder
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl
from tests.unit.push.lock.server import Clock, Server

ROOT = Path(__file__).resolve().parents[4]
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: vote-dev}\n"


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """Time that passes only when somebody waits: a second for each pause."""
    clock = Clock()
    monkeypatch.setattr(holder, "clock", clock)
    monkeypatch.setattr(queue, "clock", clock)
    return clock


@pytest.fixture
def lock_of(server):
    """name -> that run's view of the one lock."""

    def make(name: str, reason: str = "", namespace: str = "") -> LeaseLock:
        owner = Holder(name, name, reason=reason)
        return LeaseLock(server, Kubectl(namespace="vote-dev"), "dev", owner, namespace)

    return make


@pytest.fixture
def context(server, tmp_path) -> DeliveryContext:
    settings = load(yaml.safe_load((ROOT / "invoke.yaml").read_text()), tmp_path)
    return DeliveryContext(server, None, replace(settings, lock=LockSettings(1)), Steps(Silent()))
