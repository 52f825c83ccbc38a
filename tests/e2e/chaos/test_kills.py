"""The stand-in cluster is killed at random moments of rollouts: no write is lost, no container left."""

import random
import threading

import pytest

from aks_flow.core import wait
from tests.e2e.cluster.objects import apply, pod_spec, read, web, workload
from tests.e2e.cluster.test_crash import Writer
from tests.e2e.scale import choose
from tests.e2e.standin import StandIn

ROLLOUTS = choose(short=3, full=50)
LATEST = 3  # seconds after a rollout's begin; by then it has ended


@pytest.fixture
def standin(cluster) -> StandIn:
    if not cluster.standin:
        pytest.skip("the process of a standard cluster is not ours to kill")
    return cluster.standin


def test_a_cluster_killed_at_any_moment_of_a_rollout_loses_nothing(kubectl, standin, namespace, demo):
    apply(kubectl, namespace, workload("Deployment", "web", pod_spec(web(demo["v1"])), replicas=2))
    kubectl.ok("-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s")
    acknowledged: list[str] = []
    for number in range(ROLLOUTS):
        moment = random.uniform(0, LATEST)
        print(f"rollout {number + 1} of {ROLLOUTS}: killed after {moment:.2f} s")
        image = demo["v1" if number % 2 else "v2"]
        acknowledged += killed(kubectl, standin, namespace, image, f"round-{number}", moment)
        status = kubectl("-n", namespace, "rollout", "status", "deployment/web", "--timeout=90s")
        assert status.exit == 0, "\n".join(
            (status.stdout, status.stderr, evidence(kubectl, standin, namespace))
        )
        assert images(kubectl, namespace) == {image}
    found = kubectl.ok("-n", namespace, "get", "configmaps", "-o", "name")
    assert [name for name in acknowledged if f"/{name}\n" not in found] == []
    wait.until(lambda: not orphans(kubectl, standin), "the removal of orphans", seconds=45)


def killed(kubectl, standin: StandIn, namespace: str, image: str, prefix: str, after: float) -> list[str]:
    """Begin a rollout and kill the cluster so many seconds later; the writes acknowledged meanwhile."""
    writer = Writer(kubectl, namespace, prefix)
    thread = threading.Thread(target=writer.write)
    kubectl.ok("-n", namespace, "set", "image", "deployment/web", f"web={image}")
    thread.start()
    threading.Event().wait(after)  # the moment is what is tried here, and no condition
    standin.kill()
    standin.restart()
    thread.join(timeout=60)
    return writer.acknowledged


def evidence(kubectl, standin: StandIn, namespace: str) -> str:
    """What a person would look at when a rollout does not end."""
    shown = [kubectl("-n", namespace, *words).stdout for words in (("get", "all"), ("describe", "pods"))]
    return "\n".join((*shown, "\n".join(standin.log.splitlines()[-40:])))


def images(kubectl, namespace: str) -> set[str]:
    """Of the pods that are to stay."""
    pods = read(kubectl, namespace, "pods")["items"]
    return {
        pod["spec"]["containers"][0]["image"] for pod in pods if "deletionTimestamp" not in pod["metadata"]
    }


def orphans(kubectl, standin: StandIn) -> set[str]:
    """Containers of pods that there are no longer."""
    pods = read(kubectl, "", "pods", "--all-namespaces")["items"]
    kept = {
        container
        for pod in pods
        for container in standin.containers(f"aks-flow.pod={pod['metadata']['uid']}")
    }
    return set(standin.containers("aks-flow.pod")) - kept
