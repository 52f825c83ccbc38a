"""The rehearsal cluster's process is killed: nothing acknowledged is lost, nothing that runs is disturbed."""

import threading
from collections.abc import Iterator

import pytest

from tests.e2e.cluster.objects import apply, pod_spec, python, read, web, workload
from tests.e2e.standin import StandIn


@pytest.fixture
def standin(cluster) -> StandIn:
    if not cluster.standin:
        pytest.skip("the process of a standard cluster is not ours to kill")
    return cluster.standin


@pytest.fixture
def running(kubectl, namespace, demo) -> str:
    apply(kubectl, namespace, workload("Deployment", "web", pod_spec(web(demo["v1"])), replicas=2))
    kubectl.ok("-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s")
    return namespace


class Writer:
    """Creates ConfigMaps one after another until the cluster stops answering; knows which it acknowledged."""

    def __init__(self, kubectl, namespace: str, prefix: str = "write"):
        self._kubectl, self._namespace, self._prefix = kubectl, namespace, prefix
        self.acknowledged: list[str] = []
        self.some = threading.Event()

    def write(self) -> None:
        while True:
            name = f"{self._prefix}-{len(self.acknowledged)}"
            if self._kubectl("-n", self._namespace, "create", "configmap", name).exit != 0:
                return
            self.acknowledged.append(name)
            if len(self.acknowledged) == 5:
                self.some.set()


@pytest.fixture
def writer(kubectl, running) -> Iterator[Writer]:
    writer = Writer(kubectl, running)
    thread = threading.Thread(target=writer.write)
    thread.start()
    yield writer
    thread.join(timeout=30)


def test_a_killed_process_loses_no_write_and_takes_its_containers_over(kubectl, standin, running, writer):
    pods = pod_names(kubectl, running)
    containers = containers_of(kubectl, standin, running)
    assert writer.some.wait(timeout=30)
    standin.kill()
    standin.restart()
    found = kubectl.ok("-n", running, "get", "configmaps", "-o", "name")
    assert [name for name in writer.acknowledged if f"/{name}\n" not in found] == []
    kubectl.ok("-n", running, "rollout", "status", "deployment/web", "--timeout=30s")
    assert pod_names(kubectl, running) == pods
    assert restarts(kubectl, running) == [0, 0]
    assert containers_of(kubectl, standin, running) == containers


def test_a_restarted_process_goes_on_with_the_work(kubectl, standin, running, demo):
    kubectl.ok("-n", running, "set", "image", "deployment/web", f"web={demo['v2']}")
    standin.kill()
    standin.restart()
    kubectl.ok("-n", running, "rollout", "status", "deployment/web", "--timeout=60s")
    apply(kubectl, running, workload("Deployment", "later", pod_spec(python(demo["v1"]))))
    kubectl.ok("-n", running, "rollout", "status", "deployment/later", "--timeout=60s")


def pod_names(kubectl, namespace: str) -> list[str]:
    return sorted(pod["metadata"]["name"] for pod in read(kubectl, namespace, "pods")["items"])


def containers_of(kubectl, standin: StandIn, namespace: str) -> list[str]:
    """Ids of the containers and sandboxes of a namespace's pods."""
    uids = [pod["metadata"]["uid"] for pod in read(kubectl, namespace, "pods")["items"]]
    return sorted(found for uid in uids for found in standin.containers(f"aks-flow.pod={uid}"))


def restarts(kubectl, namespace: str) -> list[int]:
    pods = read(kubectl, namespace, "pods")["items"]
    return [pod["status"]["containerStatuses"][0]["restartCount"] for pod in pods]
