"""Services: by name and address inside, on 127.0.0.1 outside, and only to ready pods."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from tests.e2e.node.bench import Bench, answers, get, until
from tests.ports import free_ports

READY = {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 1}


def service(bench: Bench, name: str, port: int, **spec) -> dict:
    spec = {
        "selector": {"app": name},
        "ports": [{"name": "http", "port": port, "targetPort": "http"}],
        **spec,
    }
    return bench.create(kinds.SERVICE, name, spec=spec)


def deployment(bench: Bench, name: str, container: dict, replicas: int) -> None:
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"terminationGracePeriodSeconds": 10, "containers": [{"name": name, **container}]},
    }
    spec = {
        "replicas": replicas,
        "selector": {"matchLabels": {"app": name}},
        "template": template,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
    }
    bench.create(kinds.DEPLOYMENT, name, spec=spec)


def ingress(bench: Bench, name: str) -> list[dict]:
    found = bench.call(bench.objects.get, kinds.SERVICE, "default", name)
    return found.get("status", {}).get("loadBalancer", {}).get("ingress", [])


def test_a_load_balancer_answers_on_its_own_port_and_on_its_node_port(bench, web):
    (port,) = free_ports(1)
    bench.run("front", {**web, "readinessProbe": READY})
    created = service(bench, "front", port, type="LoadBalancer")
    until(lambda: answers(port))
    assert answers(created["spec"]["ports"][0]["nodePort"])
    assert ingress(bench, "front") == [{"ip": "127.0.0.1", "ipMode": "VIP"}]
    bench.call(bench.objects.delete, kinds.SERVICE, "default", "front")
    until(lambda: not answers(port))
    bench.delete("front", grace=0)


def test_a_port_that_is_taken_is_said_so_and_had_when_it_becomes_free(bench, web):
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    bench.run("squatted", {**web, "readinessProbe": READY})
    created = service(bench, "squatted", port, type="LoadBalancer")
    wanted = [{"port": port, "protocol": "TCP", "error": "PortInUse"}]
    until(lambda: [each.get("ports") for each in ingress(bench, "squatted")] == [wanted])
    until(lambda: answers(created["spec"]["ports"][0]["nodePort"]))
    taken.close()
    until(lambda: answers(port))
    until(lambda: ingress(bench, "squatted") == [{"ip": "127.0.0.1", "ipMode": "VIP"}])
    bench.call(bench.objects.delete, kinds.SERVICE, "default", "squatted")
    bench.delete("squatted", grace=0)


def test_inside_a_pod_a_service_answers_by_name_and_address(bench, web, shell):
    bench.run("backend", {**web, "readinessProbe": READY})
    created = service(bench, "backend", 80)
    bench.run("client", shell("exec sleep 600"))
    until(lambda: bench.is_ready("backend") and bench.is_ready("client"))
    fetch = "python3 -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())' "
    names = ("backend", "backend.default", "backend.default.svc", "backend.default.svc.cluster.local")
    for host in (*names, created["spec"]["clusterIP"]):
        assert until(lambda host=host: works(bench, fetch + f"http://{host}/")) == "hello backend"
    bench.delete("backend", grace=0)
    connect = (
        "python3 -c 'import errno, socket; "
        'print(errno.errorcode[socket.socket().connect_ex(("backend", 80))])\''
    )
    until(lambda: bench.sh("client", connect) == "ECONNREFUSED")
    bench.delete("client", grace=0)


def works(bench: Bench, script: str) -> str:
    try:
        return bench.sh("client", script)
    except AssertionError:
        return ""


def test_a_headless_service_names_its_ready_pods(bench, shell):
    service(bench, "peers", 80, clusterIP="None", ports=[{"port": 80}])
    peer = shell("exec sleep 600")
    bench.run("peers", peer, hostname="peers-0", subdomain="peers")
    address = until(lambda: bench.is_ready("peers") and bench.pod("peers")["status"]["podIP"])
    lookup = "getent ahostsv4 peers-0.peers.default.svc.cluster.local | awk '{print $1; exit}'"
    until(lambda: bench.sh("peers", lookup) == address)
    until(lambda: bench.sh("peers", "getent ahostsv4 peers | awk '{print $1; exit}'") == address)
    bench.delete("peers", grace=0)


def test_a_rolling_update_under_load_fails_no_request(bench, web):
    (port,) = free_ports(1)
    env = [{"name": "ANSWER", "value": "one"}]
    deployment(bench, "rolled", {**web, "env": env, "readinessProbe": READY}, replicas=3)
    service(bench, "rolled", port, type="LoadBalancer")
    until(lambda: answers(port))
    new = [{"name": "ANSWER", "value": "two"}]

    def change(item: dict) -> None:
        item["spec"]["template"]["spec"]["containers"][0]["env"] = new

    with asked(port) as results:
        until(lambda: results["one"] > 25)
        bench.call(bench.objects.modify, kinds.DEPLOYMENT, "default", "rolled", change)
        until(lambda: rolled_out(bench, "rolled"))
        before = results["two"]
        until(lambda: results["two"] > before + 25)
    bench.call(bench.objects.delete, kinds.DEPLOYMENT, "default", "rolled")
    bench.call(bench.objects.delete, kinds.SERVICE, "default", "rolled")
    assert set(results) == {"one", "two"}, results


@contextmanager
def asked(port: int) -> Iterator[Counter]:
    """The answers so far, counted as `steady` does, while 50 requests a second are sent."""
    results, stop = Counter(), threading.Event()
    load = [threading.Thread(target=steady, args=(port, results, stop, 25)) for _ in range(2)]
    for thread in load:
        thread.start()
    try:
        yield results
    finally:
        stop.set()
        for thread in load:
            thread.join()


def steady(port: int, results: Counter, stop: threading.Event, rate: float) -> None:
    """Ask at a steady rate; count the first word of each answer, or the error."""
    due = time.monotonic()
    while not stop.is_set():
        try:
            results[get(port)[1].split()[0]] += 1
        except Exception as error:
            results[repr(error)] += 1
        due += 1 / rate
        stop.wait(max(due - time.monotonic(), 0))


def rolled_out(bench: Bench, name: str) -> bool:
    found = bench.call(bench.objects.get, kinds.DEPLOYMENT, "default", name)
    status, wanted = found.get("status", {}), found["spec"]["replicas"]
    return (
        status.get("observedGeneration") == found["metadata"]["generation"]
        and status.get("updatedReplicas") == status.get("replicas") == wanted
        and status.get("availableReplicas") == wanted
    )
