"""The push path to a private cluster by `az aks command invoke` alone: the flows know nothing of it."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from aks_flow.azure.identity import access
from aks_flow.rehearsal.standins.kubernetes.kubelet.images.credentials import OF_NODE
from tests.e2e.push.conftest import NAMESPACE, bring_base_images, fresh_namespace, own_clone
from tests.e2e.scale import only_in_full

pytestmark = only_in_full

_WHERE = ("--name", "private", "--resource-group", "estate")


@pytest.fixture(scope="module")
def private(azure, estate):
    """A private cluster, which the person may administer and whose nodes may pull."""
    flags = ("--node-count", 1, "--no-ssh-key", "--enable-aad", "--enable-azure-rbac")
    made = azure.ok("aks", "create", *_WHERE, *flags, "--enable-private-cluster", "--yes")
    azure.assign(access.ADMINISTER, azure.seed.person_object, made["id"])
    nodes = azure.ok("aks", "show", "--name", "estate", "--resource-group", "estate")
    azure.assign(access.PULL, nodes["identityProfile"]["kubeletidentity"]["objectId"], estate.registry)
    yield
    azure.ok("aks", "delete", *_WHERE, "--yes", "--no-wait")


@pytest.fixture(scope="module")
def project(azure, cluster, private, tmp_path_factory):
    """Signed in to Azure as a person; there is no kubeconfig."""
    if cluster.standin is None:
        pytest.skip("its nodes must pull from the rehearsal's ACR; this run is against a given cluster")
    folder, state = tmp_path_factory.mktemp("private"), cluster.standin.config.state / "cluster"
    shutil.copy(azure.config.state / "cluster" / OF_NODE, state)
    bring_base_images(folder, cluster.registry)
    settings = {
        **azure.client.environment,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{azure.client.environment['PATH']}",
        "INVOKE_TARGET": "azure",
        "INVOKE_TARGETS_AZURE_REGISTRY": azure.client.url.removeprefix("https://"),
        "INVOKE_TARGETS_AZURE_KUBECONFIG": "",
        "INVOKE_TARGETS_AZURE_VIA": "command-invoke",
        "INVOKE_AZURE_SUBSCRIPTION": azure.seed.subscription,
        "INVOKE_AZURE_TENANT": azure.seed.tenant,
        "INVOKE_AZURE_GROUP": "estate",
        "INVOKE_AZURE_REGISTRY_NAME": "estate01",
        "INVOKE_AZURE_CLUSTER_NAME": "private",
    }
    made = own_clone(folder / "a project", settings)
    azure.other(made.repo / ".azure" / "cli")
    with fresh_namespace(cluster.kubectl):
        for task in ("azure.login", "image.mirror"):
            answer = made.inv(task)
            assert answer.exit == 0, answer.stdout + answer.stderr
        yield made
    (state / OF_NODE).unlink()


def test_a_push_gets_in_serves_and_says_unchanged_after_that(project, kubectl):
    outcome = project.document("push")["outcome"]
    assert outcome["served"]["version"] in outcome["image"]
    assert kubectl.ok("get", "deployment/front", "--namespace", NAMESPACE, "--output=name")
    again = project.inv("push")
    assert again.exit == 0 and "dev is unchanged" in again.stdout
