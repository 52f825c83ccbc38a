"""The conformance test's run: one replay in order."""

import json
from collections.abc import Iterator

import pytest

from tests.e2e.conformance.normal import Normaliser
from tests.e2e.conformance.replay import Replay
from tests.e2e.conformance.score import Score
from tests.e2e.conftest import Cluster
from tests.e2e.demo import Demo


@pytest.fixture(scope="package")
def score() -> Score:
    """Counted by the tests one after the other."""
    return Score()


@pytest.fixture(scope="package")
def replay(cluster: Cluster, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    replay = Replay(cluster.kubectl, cluster.registry, tmp_path_factory.mktemp("replay"))
    replay.prepare()
    yield replay
    cluster.kubectl("delete", "namespace", "shop", "--ignore-not-found", "--wait=false")
    cluster.kubectl(
        "delete", "-f", str(replay.folder / "m" / "crd.yaml"), "--ignore-not-found", "--wait=false"
    )


@pytest.fixture(scope="package")
def live(cluster: Cluster) -> Normaliser:
    """Names of the cluster under test."""
    nodes = json.loads(cluster.kubectl.ok("get", "nodes", "-o", "json"))["items"]
    return Normaliser(cluster.registry, tuple(node["metadata"]["name"] for node in nodes))
