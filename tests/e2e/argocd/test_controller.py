"""The stand-in's own life: it finds a commit by itself, and it may be killed at any time."""

import psutil
import pytest

from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.argocd import argocd_process
from tests.e2e.argocd import manifests
from tests.e2e.argocd.application import operation


@pytest.fixture
def standin(cluster, delivered):
    """The configuration of the rehearsal under test."""
    if not cluster.standin:
        pytest.skip("the cluster given has an Argo CD of its own, whose life is not ours")
    return cluster.standin.config


def test_a_commit_is_found_without_being_asked_for(standin, delivered, demo):
    commit = delivered.branch.commit({manifests.PIN: manifests.pin(demo["v2"])})
    delivered.until_delivered(commit, seconds=argocd_process.POLL + 10)


@pytest.mark.parametrize("seen", ["sync", "operation"])
def test_a_killed_controller_goes_on_where_it_was(standin, delivered, demo, seen):
    commit = delivered.branch.commit({manifests.PIN: manifests.pin(demo["v2"])})
    delivered.refresh()
    reached = {
        "sync": lambda status: status["sync"]["revision"] == commit,
        "operation": lambda status: operation(status)["operation"]["sync"].get("revision") == commit,
    }
    delivered.until(reached[seen], f"reaches {seen}")
    kill(standin)
    argocd_process.ensure(Local(), standin)
    delivered.until_delivered(commit)
    delivered.until(lambda _: "operation" not in delivered.read(), "ends the operation")
    assert [entry["revision"] for entry in delivered.status["history"]].count(commit) <= 2


def test_a_killed_api_server_is_found_again(cluster, standin, delivered, demo):
    cluster.standin.kill()
    cluster.standin.restart()
    delivered.until_delivered(delivered.commit_and_refresh({manifests.PIN: manifests.pin(demo["v2"])}))


def kill(config) -> None:
    pid = argocd_process.process(config).pid()
    killed = psutil.Process(pid)
    killed.kill()
    killed.wait()
