"""The project's own Applications and manifests, on the rehearsal."""

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from aks_flow.core.runner import Local
from aks_flow.gitops import argocd
from tests.e2e.argocd.application import Application, condition
from tests.e2e.argocd.conftest import NAMESPACE
from tests.e2e.standin import REPOSITORY

WAVE = 'argocd.argoproj.io/sync-wave: "1"'  # waits for Redis, whose image the test's registry does not hold


@pytest.fixture
def dev(cluster, branch) -> Iterator[Application]:
    """The environment dev of the project, its manifests on the branch."""
    if not cluster.standin:
        pytest.skip("a cluster that is given may hold the project's real Applications")
    for part in ("base", "overlays/dev"):
        shutil.copytree(REPOSITORY / "manifests" / part, branch.folder / "dev" / part)
    for file in (branch.folder / "dev/base").rglob("*.yaml"):
        file.write_text(file.read_text().replace(WAVE, f'{WAVE[:-2]}0"'))
    branch.commit({"README": "dev alone"})
    config = replace(cluster.standin.config, root=REPOSITORY)
    settings = replace(config, gitops=replace(config.gitops, branch=branch.name))
    target = replace(
        config.targets["rehearsal"], kubeconfig=str(cluster.standin.kubeconfig), repository=branch.url
    )
    argocd.apply_applications(Local(), replace(settings, targets={"rehearsal": target}))
    yield Application(cluster.kubectl, NAMESPACE, "vote-dev", "vote-dev", branch)
    for kind in ("applications.argoproj.io", "appprojects.argoproj.io"):
        cluster.kubectl.ok("--namespace", NAMESPACE, "delete", kind, "--all")
    cluster.kubectl.ok("delete", "namespace", "vote-dev", "--wait=false", "--ignore-not-found")


def test_the_projects_manifests_are_synced_once_and_differ_no_more(dev):
    status = dev.until(lambda status: status.get("sync", {}).get("status") == "Synced", "is synced")
    assert {entry["status"] for entry in status["resources"]} == {"Synced"}
    kinds = {entry["kind"] for entry in status["resources"]}
    assert kinds >= {"Namespace", "Deployment", "StatefulSet", "HorizontalPodAutoscaler", "NetworkPolicy"}
    dev.refresh("hard")
    status = dev.until(lambda _: not dev.annotated(), "looks again")
    assert status["sync"]["status"] == "Synced" and len(status["history"]) == 1
    assert "resources" not in status["operationState"]["operation"]["sync"]


def test_an_environment_that_is_not_on_the_branch_is_told(dev):
    staging = replace(dev, name="vote-staging")
    status = staging.until(lambda status: condition(status, "ComparisonError"), "shows the error")
    assert "staging/overlays/staging: app path does not exist" in condition(status, "ComparisonError")
