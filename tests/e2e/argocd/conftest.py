"""Argo CD for the tests: the rehearsal's stand-in, or the one that runs on the cluster given.

On a cluster that is given, AKSFLOW_E2E_REPOSITORY names a git repository that both this machine (to push) and
Argo CD (to read) reach under the same address.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.argocd import argocd_process
from aks_flow.rehearsal.standins.github.github_process import make_repository
from tests.e2e.argocd import manifests
from tests.e2e.argocd.application import AUTOMATED, Application
from tests.e2e.argocd.repository import Branch
from tests.e2e.conftest import Cluster

REPOSITORY = "AKSFLOW_E2E_REPOSITORY"
NAMESPACE = "argocd"


@pytest.fixture(scope="package")
def repository(cluster: Cluster) -> Iterator[str]:
    """The address of a repository that a running Argo CD reads."""
    if cluster.standin:
        config = cluster.standin.config
        make_repository(Local(), Path(config.destination.repository))
        argocd_process.ensure(Local(), config)
        yield config.destination.repository
        argocd_process.stop(config)
        return
    if cluster.kubectl("get", "crd", "applications.argoproj.io").exit:
        pytest.skip("the cluster given has no Argo CD: there is no CRD applications.argoproj.io")
    if not os.environ.get(REPOSITORY):
        pytest.skip(f"{REPOSITORY} does not name a repository that the cluster's Argo CD can read")
    yield os.environ[REPOSITORY]


@pytest.fixture
def branch(repository: str, tmp_path: Path) -> Iterator[Branch]:
    """A branch of the test's own."""
    made = Branch(repository, f"e2e-{uuid.uuid4().hex[:8]}", tmp_path / "clone")
    made.start()
    yield made
    made.delete()


@pytest.fixture
def application(cluster: Cluster, branch: Branch, namespace: str) -> Iterator[Application]:
    """Not created yet; deleted afterwards."""
    made = Application(cluster.kubectl, NAMESPACE, branch.name, namespace, branch)
    yield made
    made.delete()


@pytest.fixture
def delivered(application: Application, demo) -> Application:
    """The app in version v1, synced and healthy."""
    commit = application.branch.commit(manifests.files(demo["v1"]))
    application.create(AUTOMATED)
    application.until_delivered(commit)
    return application
