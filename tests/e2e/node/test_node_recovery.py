"""Bad days: the process is killed, a sandbox is lost, the engine goes away; and a clean end."""

import asyncio
import contextlib
import os
import threading
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from tests.e2e.node.bench import Bench, answers, docker, until
from tests.ports import free_ports

READY = {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 1}


@pytest.fixture
def own(tmp_path: Path, node_registry: str, helper: str) -> Iterator[Bench]:
    """A node of the test's own."""
    bench = Bench(tmp_path, node_registry, helper)
    bench.start()
    try:
        yield bench
    finally:
        bench.stop()
        bench.remove()


def containers(bench: Bench, *filters: str) -> list[str]:
    labels = [f"--filter=label={label}" for label in (f"aks-flow.rehearsal={bench.id}", *filters)]
    return sorted(docker("ps", "--all", "--quiet", "--no-trunc", *labels).split())


def test_a_restarted_process_takes_its_running_containers_over(own, web, shell):
    (port,) = free_ports(1)
    own.run("web", {**web, "readinessProbe": READY})
    own.run("crash", shell("exit 1"))
    own.create(
        kinds.SERVICE,
        "web",
        spec={
            "type": "LoadBalancer",
            "selector": {"app": "web"},
            "ports": [{"port": port, "targetPort": 8080}],
        },
    )
    until(lambda: own.is_ready("web") and own.waiting("crash") == "CrashLoopBackOff")
    before, restarts = own.status("web"), own.status("crash")["restartCount"]
    running = docker("ps", "--quiet", "--filter", f"label=aks-flow.rehearsal={own.id}")
    own.restart()
    assert own.is_ready("web"), "a restart must not cost readiness"
    until(lambda: answers(port))
    until(lambda: own.status("crash").get("restartCount", 0) >= restarts)
    assert own.status("web")["containerID"] == before["containerID"]
    assert own.status("web")["restartCount"] == 0
    assert own.logs("web") == "listening\n"
    still = docker("ps", "--quiet", "--filter", f"label=aks-flow.rehearsal={own.id}")
    assert set(running.split()) <= set(still.split())


def test_containers_whose_pod_went_while_the_process_was_away_are_removed(own, shell):
    own.run("gone", shell("exec sleep 600"))
    until(lambda: own.is_ready("gone"))
    uid = own.pod("gone")["metadata"]["uid"]
    own.call(lambda: [task.cancel() for task in own._tasks])
    own.delete("gone", grace=0)
    own.restart()
    until(lambda: not containers(own, f"aks-flow.pod={uid}"))


def test_a_container_that_ended_while_the_process_was_away_is_restarted(own, shell):
    own.run("ended", shell("exec sleep 600"))
    until(lambda: own.is_ready("ended"))
    container = own.status("ended")["containerID"].removeprefix("docker://")
    own.stop()
    docker("kill", container)
    own.start()
    until(lambda: own.status("ended")["restartCount"] == 1 and own.is_ready("ended"))
    assert own.status("ended")["lastState"]["terminated"]["exitCode"] == 137


def test_a_container_that_a_killed_process_had_asked_for_stands_in_nobodys_way(own, image, shell):
    own.call(lambda: [task.cancel() for task in own._tasks])
    own.run("asked", shell("exec sleep 600"), nodeName=naming.NODE_NAME)
    # Without labels, as the engine has it in no list before it is complete.
    docker("create", "--name", naming.container_name(own.id, own.pod("asked"), "asked", 0), image, "true")
    own.restart()
    until(lambda: own.is_ready("asked"), seconds=20)
    assert "CreateContainerError" not in str(own.events("asked"))


def test_a_pod_whose_address_somebody_else_has_gets_another_one(own, image, shell):
    own.run("first", shell("exec sleep 600"))
    until(lambda: own.is_ready("first"))
    network = naming.network_name(own.id)
    following = str(ip_address(own.pod("first")["status"]["podIP"]) + 1)
    label = f"--label={naming.REHEARSAL}={own.id}"
    docker("run", "--detach", label, f"--network={network}", f"--ip={following}", image, "sleep", "600")
    own.run("second", shell("exec sleep 600"))
    until(lambda: own.is_ready("second"), seconds=20)
    assert own.pod("second")["status"]["podIP"] not in (following, own.pod("first")["status"]["podIP"])


def test_a_lost_sandbox_is_made_again_at_the_same_address(own, shell):
    own.run("shaken", shell("exec sleep 600"))
    until(lambda: own.is_ready("shaken"))
    address, uid = own.pod("shaken")["status"]["podIP"], own.pod("shaken")["metadata"]["uid"]
    (sandbox,) = containers(own, f"aks-flow.pod={uid}", "aks-flow.container=_sandbox")
    docker("kill", sandbox)
    until(lambda: own.status("shaken")["restartCount"] == 1 and own.is_ready("shaken"))
    assert own.pod("shaken")["status"]["podIP"] == address
    changed = ("SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
    assert changed in own.events("shaken")


def test_the_proxy_is_made_again_and_told_the_table(own, web, shell):
    own.run("web", {**web, "readinessProbe": READY})
    own.run("client", shell("exec sleep 600"))
    own.create(
        kinds.SERVICE, "web", spec={"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]}
    )
    fetch = "python3 -c 'import urllib.request as u; print(u.urlopen(\"http://web\", timeout=2).status)'"
    until(lambda: own.is_ready("web") and own.is_ready("client"))

    def works() -> bool:
        with contextlib.suppress(AssertionError):
            return own.sh("client", fetch) == "200"
        return False

    until(works)
    (proxy,) = containers(own, "aks-flow.container=_proxy")
    docker("kill", proxy)
    until(works)


def test_remove_all_takes_this_rehearsals_things_and_nobody_elses(
    own, shell, node_registry, helper, tmp_path
):
    other = Bench(tmp_path / "other", node_registry, helper)
    other.state.mkdir()
    other.start()
    try:
        other.run("stays", shell("exec sleep 600"))
        own.run("goes", shell("exec sleep 600"))
        until(lambda: own.is_ready("goes") and other.is_ready("stays"))
        own.stop()
        assert own.remove() == {"containers": 3, "networks": 1, "volumes": 0}
        assert not containers(own)
        assert len(containers(other)) == 3
        assert other.is_ready("stays")
    finally:
        other.stop()
        other.remove()
        own.start()


class Wire:
    """A path to the engine's socket that can be cut."""

    def __init__(self, path: Path):
        self.path = path
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._writers: set[asyncio.StreamWriter] = set()

    def connect(self) -> None:
        asyncio.run_coroutine_threadsafe(self._connect(), self.loop).result(5)

    async def _connect(self) -> None:
        self.path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self.path)

    def cut(self) -> None:
        asyncio.run_coroutine_threadsafe(self._cut(), self.loop).result(5)

    async def _cut(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        self.path.unlink(missing_ok=True)  # a newer Python has done that

    async def _serve(self, reader, writer) -> None:
        onward = await asyncio.open_unix_connection("/var/run/docker.sock")
        self._writers |= {writer, onward[1]}
        await asyncio.gather(self._copy(reader, onward[1]), self._copy(onward[0], writer))

    async def _copy(self, reader, writer) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.write_eof()


def test_an_engine_that_goes_away_and_returns_is_survived(
    tmp_path, node_registry, helper, shell, monkeypatch
):
    wire = Wire(Path(f"/tmp/aks-flow-wire-{os.getpid()}.sock"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{wire.path}")
    own = Bench(tmp_path, node_registry, helper)
    own.start()
    try:
        until(lambda: "container runtime is down" in ready(own)["message"])
        assert ready(own)["reason"] == "KubeletNotReady"
        own.run("waits", shell("exec sleep 600"))
        wire.connect()
        until(lambda: ready(own)["status"] == "True" and own.is_ready("waits"))
        before = own.status("waits")["containerID"]
        wire.cut()
        until(lambda: ready(own)["status"] == "False")
        own.run("later", shell("exec sleep 600"))
        wire.connect()
        until(lambda: own.is_ready("later"))
        assert own.status("waits")["containerID"] == before
        assert own.status("waits")["restartCount"] == 0
    finally:
        own.stop()
        monkeypatch.delenv("DOCKER_HOST")
        own.remove()


def ready(bench: Bench) -> dict:
    node = bench.call(bench.objects.find, kinds.NODE, "", "rehearsal") or {}
    conditions = {each["type"]: each for each in node.get("status", {}).get("conditions", ())}
    return conditions.get("Ready", {"status": "", "reason": "", "message": ""})
