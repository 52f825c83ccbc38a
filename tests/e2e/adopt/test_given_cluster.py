"""The shop on a given cluster: pushed, changed, and taken back; the rehearsal's has the page's test."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from aks_flow.core.config.load import load
from tests.e2e.adopt.person import team_repository
from tests.e2e.conftest import KUBECONFIG, Cluster
from tests.e2e.project import Project
from tests.e2e.standin import REPOSITORY, provide_base_images

pytestmark = pytest.mark.skipif(
    not os.environ.get(KUBECONFIG),
    reason="the page's test plays this on a rehearsal; this is for a given cluster",
)


@pytest.fixture(scope="module")
def shop(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The shop's repository, adopted, with a namespace of the test's own for dev."""
    settings = {
        "PYTHONPATH": str(REPOSITORY / "scripts"),
        "INVOKE_TARGET": "cluster",
        "INVOKE_TARGETS_CLUSTER_REGISTRY": cluster.registry,
        "INVOKE_TARGETS_CLUSTER_KUBECONFIG": str(cluster.kubectl.kubeconfig),
    }
    made = Project(team_repository(tmp_path_factory.mktemp("team") / "shop"), settings)
    namespace = f"e2e-{uuid.uuid4().hex[:8]}"
    adopted = Project(REPOSITORY).inv(
        "adopt", "--path", str(made.repo), "--yes", f"--environments=dev={namespace}"
    )
    assert adopted.exit == 0, adopted
    made.git("switch", "--quiet", "--create", "develop")
    made.git("add", "--all")
    made.git("commit", "--quiet", "--message", "Deliver with aks-flow")
    provide_base_images(_configuration(made.repo, cluster.registry))
    yield made
    cluster.kubectl("delete", "namespace", namespace, "--wait=false", "--ignore-not-found")


def _configuration(repo: Path, registry: str):
    data = yaml.safe_load((repo / "invoke.yaml").read_text())
    data["target"] = "cluster"
    data["targets"]["cluster"]["registry"] = registry
    return load(data, repo)


def test_a_push_is_served_and_taken_back(shop, cluster):
    def served() -> str:
        namespace = yaml.safe_load(shop.read("invoke.yaml"))["environments"]["dev"]["namespace"]
        return cluster.kubectl.ok(
            "get", "--raw", f"/api/v1/namespaces/{namespace}/services/http:web:http/proxy/"
        )

    shop.document("push", "--env", "dev")
    assert "The corner shop" in served() and "tea, 4.50 €" in served()
    shop.commit("web/web.py", shop.read("web/web.py").replace("corner shop", "village shop"))
    shop.document("push", "--env", "dev")
    assert "The village shop" in served()
    shop.document("push.undo", "--env", "dev")
    assert "The corner shop" in served()
