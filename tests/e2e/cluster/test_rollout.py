"""Rolling updates."""

import re

from tests.e2e.cluster.objects import apply, once, pod_spec, python, read, service, web, workload

LOAD = """
import time, urllib.request
good = failed = 0
while True:
    try:
        answer = urllib.request.urlopen("http://web/", timeout=5).read().decode()
        good += 1
    except Exception as error:
        answer, failed = repr(error), failed + 1
        print("failure", answer)
    if (good + failed) % 20 == 0:
        print("good", good, "failed", failed, "last", answer.split()[0])
    time.sleep(0.01)
"""


def deployment(image: str) -> dict:
    strategy = {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    return workload(
        "Deployment", "web", pod_spec(web(image), terminationGracePeriodSeconds=5), 2, strategy=strategy
    )


def test_a_rolling_update_under_load_fails_no_request(kubectl, namespace, demo):
    apply(kubectl, namespace, deployment(demo["v1"]), service("web"))
    kubectl.ok("-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s")
    apply(kubectl, namespace, once("load", python(demo["v1"], LOAD)))
    kubectl.until("last v1", "-n", namespace, "logs", "load")
    kubectl.ok("-n", namespace, "set", "image", "deployment/web", f"web={demo['v2']}")
    kubectl.ok("-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s")
    log = kubectl.until("last v2", "-n", namespace, "logs", "load")
    good, failed = re.findall(r"good (\d+) failed (\d+)", log)[-1]
    assert (int(failed), int(good) > 50) == (0, True), [
        line for line in log.splitlines() if "failure" in line
    ]


def test_an_image_that_never_becomes_ready_leaves_the_old_pods_serving(kubectl, namespace, demo):
    apply(kubectl, namespace, deployment(demo["v1"]))
    kubectl.ok("-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s")
    kubectl.ok("-n", namespace, "set", "image", "deployment/web", f"web={demo['sick']}")
    kubectl.until("statuscode: 503", "-n", namespace, "get", "events")
    status = read(kubectl, namespace, "deployment/web")["status"]
    assert (status["availableReplicas"], status["updatedReplicas"], status["unavailableReplicas"]) == (
        2,
        1,
        1,
    )


def test_a_paused_deployment_rolls_out_when_it_is_resumed(kubectl, namespace, demo):
    apply(kubectl, namespace, deployment(demo["v1"]))
    kubectl.ok("-n", namespace, "rollout", "pause", "deployment/web")
    kubectl.ok("-n", namespace, "set", "image", "deployment/web", f"web={demo['v2']}")
    kubectl.until("DeploymentPaused", "-n", namespace, "get", "deployment", "web", "-o", "yaml")
    assert len(read(kubectl, namespace, "replicasets")["items"]) == 1
    kubectl.ok("-n", namespace, "rollout", "resume", "deployment/web")
    kubectl.ok("-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s")
    pods = read(kubectl, namespace, "pods", "--field-selector=status.phase=Running")["items"]
    running = [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]
    assert {pod["spec"]["containers"][0]["image"] for pod in running} == {demo["v2"]}
