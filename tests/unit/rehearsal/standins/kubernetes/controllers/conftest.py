from collections.abc import Iterator

import pytest

from tests.unit.rehearsal.standins.kubernetes.controllers.harness import Cluster


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    running = Cluster()
    running.settle()
    yield running
    running.close()
