"""The push path's own tests once more, with kubectl on a jump host: the flows know nothing of it."""

import pytest

from tests.e2e.jump.conftest import home
from tests.e2e.push.conftest import bring_base_images, delivered, fresh_namespace, own_clone  # noqa: F401
from tests.e2e.push.test_push import *  # noqa: F403


@pytest.fixture(scope="module")
def project(cluster, server, tmp_path_factory):
    """As the push tests', but for ``via``; the kubeconfig is a file there."""
    folder = tmp_path_factory.mktemp("through")
    settings = {
        "HOME": str(home(folder, server)),
        "INVOKE_TARGET": "cluster",
        "INVOKE_TARGETS_CLUSTER_REGISTRY": cluster.registry,
        "INVOKE_TARGETS_CLUSTER_KUBECONFIG": str(cluster.kubectl.kubeconfig),
        "INVOKE_TARGETS_CLUSTER_VIA": server.address,
    }
    bring_base_images(folder, cluster.registry)
    with fresh_namespace(cluster.kubectl):
        yield own_clone(folder / "a project", settings)
