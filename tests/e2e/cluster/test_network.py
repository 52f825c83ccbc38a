"""Names, addresses and traffic."""

import json
import urllib.request

import pytest

from aks_flow.core import wait
from tests.e2e.cluster.objects import apply, once, pod, pod_spec, python, read, service, web, workload

ASK = "import urllib.request; print(urllib.request.urlopen('http://{}/', timeout=10).read().decode())"


@pytest.fixture
def served(kubectl, namespace, demo) -> str:
    """A Deployment with two ready pods behind the Service web."""
    apply(kubectl, namespace, workload("Deployment", "web", pod_spec(web(demo["v1"])), 2), service("web"))
    kubectl.ok("-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s")
    return namespace


def ask(kubectl, namespace: str, image: str, host: str) -> str:
    """What a pod of its own gets from a URL."""
    name = "ask-" + host.replace(".", "-").replace(":", "-")
    apply(kubectl, namespace, once(name, python(image, ASK.format(host))))
    kubectl.ok(
        "-n", namespace, "wait", f"pod/{name}", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s"
    )
    return kubectl.ok("-n", namespace, "logs", name)


def test_a_service_answers_by_its_names_and_its_address(kubectl, served, demo):
    address = read(kubectl, served, "service/web")["spec"]["clusterIP"]
    for host in ("web", f"web.{served}", f"web.{served}.svc.cluster.local", address):
        assert ask(kubectl, served, demo["v1"], host).startswith("v1 "), host


def test_a_pod_answers_on_its_own_address(kubectl, served, demo):
    address = read(kubectl, served, "pods", "-l", "app=web")["items"][0]["status"]["podIP"]
    assert ask(kubectl, served, demo["v1"], f"{address}:8080").startswith("v1 ")


def test_a_service_created_later_resolves_in_pods_that_run_already(kubectl, namespace, demo):
    script = """
import socket, time
while True:
    try:
        print("resolved", socket.gethostbyname("late"))
        time.sleep(3600)
    except OSError:
        time.sleep(0.2)
"""
    apply(kubectl, namespace, pod("asking", python(demo["v1"], script)))
    kubectl.ok("-n", namespace, "wait", "pod/asking", "--for=condition=Ready", "--timeout=60s")
    apply(kubectl, namespace, service("late"))
    address = read(kubectl, namespace, "service/late")["spec"]["clusterIP"]
    kubectl.until(f"resolved {address}", "-n", namespace, "logs", "asking")


def test_endpoints_are_the_ready_pods(kubectl, served, demo):
    sick = pod("sick", web(demo["sick"]))
    sick["metadata"]["labels"] = {"app": "web"}
    apply(kubectl, served, sick)
    kubectl.until("statuscode: 503", "-n", served, "get", "events")
    wait.until(lambda: ready(kubectl, served) == [False, True, True], "the three endpoints", 60)


def ready(kubectl, namespace: str) -> list[bool]:
    slices = read(kubectl, namespace, "endpointslices", "-l", "kubernetes.io/service-name=web")["items"]
    return sorted(end["conditions"]["ready"] for found in slices for end in found.get("endpoints") or [])


def test_a_load_balancer_answers_on_this_machine(kubectl, served, cluster):
    if not cluster.standin:
        pytest.skip("where a standard cluster's load balancers answer is its provider's matter")
    apply(kubectl, served, service("web", type="LoadBalancer"))
    port = read(kubectl, served, "service/web")["spec"]["ports"][0]["nodePort"]
    assert get(port).startswith("v1 ")
    ingress = read(kubectl, served, "service/web")["status"]["loadBalancer"]["ingress"][0]
    assert ingress["ip"] == "127.0.0.1"
    kubectl.ok("-n", served, "delete", "service", "web")
    wait.until(lambda: not answers(port), "the end of the port", 60)


def get(port: int) -> str:
    return wait.until(lambda: answers(port), f"an answer on port {port}", 60)


def answers(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def test_a_headless_service_names_its_pods(kubectl, namespace, demo):
    template = pod_spec(web(demo["v1"]))
    apply(kubectl, namespace, service("db", clusterIP="None"))
    apply(kubectl, namespace, workload("StatefulSet", "db", template, serviceName="db"))
    kubectl.ok("-n", namespace, "rollout", "status", "statefulset/db", "--timeout=60s")
    script = "import json, socket; print(json.dumps([socket.gethostbyname(n) for n in ('db', 'db-0.db')]))"
    apply(kubectl, namespace, once("ask", python(demo["v1"], script)))
    kubectl.ok(
        "-n", namespace, "wait", "pod/ask", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s"
    )
    address = read(kubectl, namespace, "pod/db-0")["status"]["podIP"]
    assert json.loads(kubectl.ok("-n", namespace, "logs", "ask")) == [address, address]
