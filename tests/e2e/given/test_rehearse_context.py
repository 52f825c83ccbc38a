"""`rehearse --context`: the same story on a cluster that the rehearsal did not make: the suite's own."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Cluster
from tests.e2e.kubectl import Kubectl
from tests.e2e.project import Project, clone
from tests.e2e.standin import configuration, provide_base_images


@pytest.fixture(scope="module")
def rehearser(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A fresh clone, whose target `cluster` has the suite's registry; the context comes with KUBECONFIG."""
    provide_base_images(configuration(tmp_path_factory.mktemp("base"), cluster.registry))
    settings = {
        "KUBECONFIG": str(cluster.kubectl.kubeconfig),
        "INVOKE_TARGETS_CLUSTER_REGISTRY": cluster.registry,
    }
    return clone(tmp_path_factory.mktemp("given") / "a clone", settings)


@pytest.fixture(scope="module")
def summary(rehearser: Project, kubectl: Kubectl) -> dict:
    return rehearser.document("rehearse", "--context", kubectl.ok("config", "current-context").strip())


def test_a_change_is_delivered_by_push_without_a_failed_request(summary):
    push = summary["deliveries"][0]
    assert (push["path"], push["failed"]) == ("push", 0)
    assert push["sent"] > 50


def test_it_takes_its_namespaces_away_and_starts_no_stand_in(summary, rehearser, kubectl):
    names = kubectl.ok(
        "get", "namespaces", "--output", "jsonpath={.items[?(@.status.phase=='Active')].metadata.name}"
    )
    assert not [name for name in names.split() if name.startswith("rehearse-")]
    assert not Path(rehearser.repo, ".rehearsal", "cluster").exists()
    assert rehearser.git("status", "--porcelain") == ""
