from collections.abc import Iterator

import pytest

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import Cluster


@pytest.fixture
def cluster(monkeypatch) -> Iterator[Cluster]:
    running = Cluster()
    monkeypatch.setattr(times, "now", running.now)
    running.settle()
    yield running
    running.close()
