"""The life of a pod's containers."""

import pytest

from tests.e2e.cluster.objects import apply, once, pod, python, read, web

CGROUP = """
import pathlib
files = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
print(next(pathlib.Path(file).read_text().strip() for file in files if pathlib.Path(file).exists()))
"""


def state(kubectl, namespace: str, name: str) -> dict:
    return read(kubectl, namespace, f"pod/{name}")["status"]["containerStatuses"][0]


def succeeded(kubectl, namespace: str, name: str, *container: str) -> str:
    """The log of a pod that ran to its good end."""
    kubectl.ok(
        "-n", namespace, "wait", f"pod/{name}", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s"
    )
    return kubectl.ok("-n", namespace, "logs", name, *container)


def test_init_containers_run_to_their_end_in_order_before_the_others(kubectl, namespace, demo):
    mount = {"volumeMounts": [{"name": "shared", "mountPath": "/shared"}]}
    append = "open('/shared/log', 'a').write('{} ')"
    first, second = (
        python(demo["v1"], append.format(name), **mount) | {"name": name} for name in ("first", "second")
    )
    main = python(demo["v1"], "print(open('/shared/log').read() + 'main')", **mount)
    volumes = [{"name": "shared", "emptyDir": {}}]
    apply(kubectl, namespace, once("ordered", main, initContainers=[first, second], volumes=volumes))
    assert succeeded(kubectl, namespace, "ordered") == "first second main\n"


def test_a_failing_init_container_keeps_the_others_from_starting(kubectl, namespace, demo):
    failing = python(demo["v1"], "raise SystemExit(3)") | {"name": "failing"}
    apply(kubectl, namespace, once("stuck", python(demo["v1"]), initContainers=[failing]))
    kubectl.until("Init:Error", "-n", namespace, "get", "pods")
    assert state(kubectl, namespace, "stuck")["state"]["waiting"]["reason"] == "PodInitializing"


def test_a_container_whose_liveness_probe_fails_is_restarted(kubectl, namespace, demo):
    probe = {
        "exec": {"command": ["python3", "-c", "raise SystemExit(1)"]},
        "periodSeconds": 1,
        "failureThreshold": 2,
    }
    apply(kubectl, namespace, pod("ailing", python(demo["v1"], livenessProbe=probe)))
    kubectl.ok(
        *("-n", namespace, "wait", "pod/ailing", "--timeout=60s"),
        "--for=jsonpath={.status.containerStatuses[0].restartCount}=1",
    )
    kubectl.until("Liveness probe failed", "-n", namespace, "get", "events")
    kubectl.until("failed liveness probe, will be restarted", "-n", namespace, "get", "events")


def test_readiness_and_liveness_wait_for_the_startup_probe(kubectl, namespace, demo):
    started = {"exec": {"command": ["test", "-e", "/tmp/started"]}, "periodSeconds": 1}
    container = python(
        demo["v1"],
        startupProbe={**started, "failureThreshold": 300},
        livenessProbe={**started, "failureThreshold": 1},
    )
    apply(kubectl, namespace, pod("slow", container))
    kubectl.until("Startup probe failed", "-n", namespace, "get", "events")
    assert (state(kubectl, namespace, "slow")["started"], state(kubectl, namespace, "slow")["ready"]) == (
        False,
        False,
    )
    kubectl.ok("-n", namespace, "exec", "slow", "--", "python3", "-c", "open('/tmp/started', 'w')")
    kubectl.ok("-n", namespace, "wait", "pod/slow", "--for=condition=Ready", "--timeout=60s")
    assert state(kubectl, namespace, "slow")["restartCount"] == 0


@pytest.mark.parametrize("probe", [{"tcpSocket": {"port": 8080}}, {"exec": {"command": ["true"]}}])
def test_tcp_and_exec_probes_make_a_pod_ready(kubectl, namespace, demo, probe):
    apply(
        kubectl, namespace, pod("probed", web(demo["v1"]) | {"readinessProbe": {**probe, "periodSeconds": 1}})
    )
    kubectl.ok("-n", namespace, "wait", "pod/probed", "--for=condition=Ready", "--timeout=60s")


def test_a_memory_limit_is_the_container_s_limit(kubectl, namespace, demo):
    limits = {"resources": {"limits": {"memory": "48Mi"}}}
    apply(kubectl, namespace, once("limited", python(demo["v1"], CGROUP, **limits)))
    assert succeeded(kubectl, namespace, "limited") == f"{48 * 1024 * 1024}\n"


def test_a_container_that_exceeds_its_memory_limit_is_killed_and_says_so(kubectl, namespace, demo):
    limits = {"resources": {"limits": {"memory": "32Mi"}}}
    apply(
        kubectl,
        namespace,
        once("greedy", python(demo["v1"], "x = bytearray(1 << 30); print(len(x))", **limits)),
    )
    kubectl.until("OOMKilled", "-n", namespace, "get", "pods")
    assert state(kubectl, namespace, "greedy")["state"]["terminated"]["exitCode"] == 137


def test_the_security_context_holds(kubectl, namespace, demo):
    script = "import os; print(os.getuid(), os.getgid(), os.access('/tmp', os.W_OK), os.access('/', os.W_OK))"
    context = {"runAsUser": 12345, "runAsGroup": 54321, "readOnlyRootFilesystem": True}
    context |= {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    apply(kubectl, namespace, once("bound", python(demo["v1"], script, securityContext=context)))
    assert succeeded(kubectl, namespace, "bound") == "12345 54321 False False\n"


def test_an_image_that_is_not_there_is_retried_with_a_back_off(kubectl, namespace, demo):
    apply(kubectl, namespace, pod("missing", python(demo["missing"])))
    kubectl.until("ErrImagePull", "-n", namespace, "get", "events")
    kubectl.until("ImagePullBackOff", "-n", namespace, "get", "pods")
    kubectl.until("Back-off pulling image", "-n", namespace, "get", "events")


def test_a_container_that_exits_is_restarted_and_its_previous_log_kept(kubectl, namespace, demo):
    apply(kubectl, namespace, pod("crashing", {"name": "main", "image": demo["bad"]}))
    kubectl.until("Back-off restarting failed container", "-n", namespace, "get", "events")
    assert kubectl.ok("-n", namespace, "logs", "crashing", "--previous") == "boom: cannot start\n"
    assert state(kubectl, namespace, "crashing")["lastState"]["terminated"]["exitCode"] == 1
