"""Engine, disk, registry and containers fail under a running cluster: it says so, and recovers by itself."""

import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aks_flow.core import wait
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins import stack
from aks_flow.rehearsal.standins.docker import registry
from tests.e2e.chaos import own_engine
from tests.e2e.cluster.objects import apply, pod_spec, read, service, web, workload
from tests.e2e.kubectl import Kubectl
from tests.e2e.scale import choose
from tests.e2e.standin import StandIn, configuration

AWAY = choose(short=5, full=60)  # seconds that the registry is away
READY = ("-n", "default", "rollout", "status", "deployment/web", "--timeout=120s")


@contextmanager
def second(cluster, folder: Path) -> Iterator[Kubectl]:
    """A second cluster on the same registry, to be handled roughly."""
    config = configuration(folder, cluster.registry)
    config.state.mkdir(exist_ok=True)
    stack.start_cluster(Local(), config)
    kubectl = Kubectl(config.state / "kubeconfig", folder / "cache")
    try:
        yield kubectl
        assert stack.cluster(config).pid(), "the cluster's process has ended"
    finally:
        stack.remove_cluster(Local(), config)


def deploy(kubectl: Kubectl, image: str) -> None:
    apply(kubectl, "default", workload("Deployment", "web", pod_spec(web(image)), replicas=2))


@pytest.fixture
def engine(monkeypatch) -> Iterator[own_engine.Engine]:
    """An engine of the test's own, which everything that starts from now on uses."""
    own_engine.need()
    with tempfile.TemporaryDirectory(prefix="aks-flow-", dir="/tmp") as folder:
        engine = own_engine.Engine(Path(folder))
        try:
            engine.start()
            monkeypatch.setenv("DOCKER_HOST", engine.host)
            yield engine
        finally:
            engine.remove()


@pytest.mark.parametrize("end", choose(short=["stop"], full=["stop", "kill"]))
def test_pods_come_back_after_the_engine_was_restarted(cluster, demo, engine, tmp_path, end):
    with second(cluster, tmp_path) as kubectl:
        deploy(kubectl, demo["v1"])
        apply(kubectl, "default", service("web"))
        kubectl.ok(*READY)
        kubectl.ok("set", "image", "deployment/web", f"web={demo['v2']}")
        getattr(engine, end)()
        kubectl.until("container runtime is down", "describe", "node", "rehearsal")
        engine.start()
        kubectl.ok(*READY)
        kubectl.until("True", "get", "node", "-o", "jsonpath={..conditions[?(@.type=='Ready')].status}")
        answer = kubectl.until("v2", "get", "--raw", "/api/v1/namespaces/default/services/web:80/proxy/")
        assert answer.startswith("v2")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder for a cluster's state on a disk of 16 MB."""
    folder = tmp_path / ".rehearsal" / "cluster"
    folder.mkdir(parents=True)
    if os.geteuid() != 0:
        pytest.skip("a small disk needs root to mount it")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return filler


def test_a_full_disk_is_said_and_survived(cluster, demo, small_disk, tmp_path):
    with second(cluster, tmp_path) as kubectl:
        deploy(kubectl, demo["v1"])
        kubectl.ok(*READY)
        filler = fill(small_disk)
        manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "large"}}
        large = json.dumps(manifest | {"data": {"text": "x" * 500_000}})
        refused = kubectl("create", "-f", "-", stdin=large)
        assert refused.exit == 1
        assert "make room on the disk of its state folder" in refused.stderr
        assert "Running" in kubectl.ok("get", "pods")
        filler.unlink()
        kubectl.ok("create", "-f", "-", stdin=large)
        kubectl.ok("set", "image", "deployment/web", f"web={demo['v2']}")
        kubectl.ok(*READY)


def test_a_rollout_goes_on_when_the_registry_is_back(cluster, kubectl, namespace, demo):
    if not cluster.standin:
        pytest.skip("the registry of a standard cluster is not ours to stop")
    config = cluster.standin.config
    deployment = workload("Deployment", "web", pod_spec(web(demo["v1"], imagePullPolicy="Always")))
    registry.stop(config)
    try:
        apply(kubectl, namespace, deployment)
        kubectl.until("connection refused", "-n", namespace, "get", "events")
        kubectl.until("ImagePull", "-n", namespace, "get", "pods")
        threading.Event().wait(AWAY)  # the time is what is tried here, and no condition
    finally:
        registry.ensure(Local(), config)
    kubectl.ok("-n", namespace, "rollout", "status", "deployment/web", "--timeout=120s")


def test_a_container_removed_by_hand_is_started_again(cluster, kubectl, namespace, demo):
    standin: StandIn | None = cluster.standin
    if not standin:
        pytest.skip("the containers of a standard cluster are not ours to remove")
    apply(kubectl, namespace, workload("Deployment", "web", pod_spec(web(demo["v1"])), replicas=1))
    kubectl.ok("-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s")
    (pod,) = read(kubectl, namespace, "pods")["items"]
    labels = (f"aks-flow.pod={pod['metadata']['uid']}", "aks-flow.container=web")
    (container,) = standin.containers(*labels)
    subprocess.run(["docker", "rm", "--force", container], check=True, capture_output=True)
    wait.until(lambda: standin.containers(*labels) not in ([], [container]), "another container", 30)
    kubectl.ok(
        "-n", namespace, "wait", "--for=condition=Ready", f"pod/{pod['metadata']['name']}", "--timeout=30s"
    )
