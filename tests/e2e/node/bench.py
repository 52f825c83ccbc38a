"""A node on its own: objects, controllers and pods on the Docker engine, without an API server.

Its objects belong to one thread and loop, as in the cluster's process; tests talk to it through ``call``.
"""

import asyncio
import base64
import http.client
import subprocess
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aks_flow.rehearsal.standins.kubernetes import controllers
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet import Kubelet
from aks_flow.rehearsal.standins.kubernetes.kubelet.cleanup import remove_all
from aks_flow.rehearsal.standins.kubernetes.objects.events import Recorder
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.options import DeleteOptions
from aks_flow.rehearsal.standins.kubernetes.store import ObjectStore
from tests.ports import free_ports

DEADLINE = 40


@dataclass
class Bench:
    """A started node. restart() does to it what ``kill -9`` of its process does."""

    state: Path
    registry: str
    helper_image: str
    ingress_port: int = field(default_factory=lambda: free_ports(1)[0])
    id: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:6]}")

    def start(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.call(self._start)

    def _start(self) -> None:
        self.store = ObjectStore(self.state / "cluster.db")
        self.objects = Objects(self.store)
        recorder = Recorder(self.objects)
        places = (self.state, self.id, self.registry, self.helper_image, self.ingress_port)
        self.node = Kubelet(self.objects, recorder, *places)
        self.objects.service_network = self.node.service_addresses
        work = (self.node.run(), controllers.run(self.objects, recorder))
        self._tasks = [asyncio.ensure_future(each, loop=self.loop) for each in work]

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self.loop).result(DEADLINE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.store.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def remove(self) -> dict[str, int]:
        return asyncio.run(remove_all(self.id))

    def call(self, function: Callable, *args, **kwargs):
        async def run():
            return function(*args, **kwargs)

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(DEADLINE)

    def do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(DEADLINE)

    def create(self, kind: kinds.Kind, name: str, **fields) -> dict:
        labels = fields.pop("labels", {})
        metadata = {"name": name, "namespace": "default", "labels": labels}
        return self.call(self.objects.create, kind, {"metadata": metadata, **fields})

    def config_map(self, name: str, **data: str) -> None:
        self.create(kinds.CONFIG_MAP, name, data=data)

    def secret(self, name: str, **data: str) -> None:
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        self.create(kinds.SECRET, name, data=encoded)

    def run(self, name: str, container: dict, **spec) -> None:
        """Create a pod with one container, named after it, which says nothing about itself."""
        own = {"name": name, **container}
        fields = {"terminationGracePeriodSeconds": 5, "containers": [own], **spec}
        self.create(kinds.POD, name, labels={"app": name}, spec=fields)

    def pod(self, name: str) -> dict | None:
        return self.call(self.objects.find, kinds.POD, "default", name)

    def status(self, name: str) -> dict:
        """The container's entry in the pod's status, {} before there is one."""
        entries = (self.pod(name) or {}).get("status", {}).get("containerStatuses") or [{}]
        return entries[0]

    def is_ready(self, name: str) -> bool:
        return self.status(name).get("ready", False)

    def phase(self, name: str) -> str:
        return (self.pod(name) or {}).get("status", {}).get("phase", "")

    def waiting(self, name: str) -> str:
        return self.status(name).get("state", {}).get("waiting", {}).get("reason", "")

    def delete(self, name: str, grace: int | None = None) -> None:
        self.call(self.objects.delete, kinds.POD, "default", name, DeleteOptions(grace))

    def events(self, name: str) -> list[tuple[str, str]]:
        """(reason, message) of a pod's events, oldest first."""
        found = self.call(self.objects.list, kinds.EVENT)
        mine = [event for event in found if event["involvedObject"]["name"] == name]
        mine.sort(key=lambda event: int(event["metadata"]["resourceVersion"]))
        return [(event["reason"], event["message"]) for event in mine]

    def logs(self, name: str, **options) -> str:
        async def read() -> bytes:
            pod = self.objects.get(kinds.POD, "default", name)
            stream = await self.node.logs(pod, name, options)
            return b"".join([chunk async for chunk in stream])

        return self.do(read()).decode()

    def sh(self, name: str, script: str) -> str:
        """The output of a shell script in the pod's container."""

        async def run() -> tuple[int, bytes]:
            pod = self.objects.get(kinds.POD, "default", name)
            return await self.node.exec(pod, name, ["sh", "-c", script])

        code, output = self.do(run())
        assert code == 0, output.decode()
        return output.decode().strip()


def until(condition: Callable[[], object], seconds: float = DEADLINE) -> object:
    """The condition's first true value; AssertionError after the deadline."""
    due = time.monotonic() + seconds
    while time.monotonic() < due:
        if found := condition():
            return found
        threading.Event().wait(0.02)
    raise AssertionError("the deadline passed")


def get(port: int, path: str = "/", timeout: float = 5) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def answers(port: int) -> bool:
    """Whether a web server on that port of 127.0.0.1 answers well."""
    try:
        return get(port)[0] == 200
    except OSError:
        return False


def docker(*argv: str) -> str:
    return subprocess.run(["docker", *argv], check=True, capture_output=True, text=True).stdout.strip()
