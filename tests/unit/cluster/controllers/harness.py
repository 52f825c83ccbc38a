"""All controllers on the real Objects over a SQLite store in memory, with a kubelet that runs nothing."""

import asyncio
import logging
from collections.abc import Callable
from ipaddress import IPv4Network

from scripts.rehearsal.cluster import controllers, kinds
from scripts.rehearsal.cluster.events import Recorder
from scripts.rehearsal.cluster.kinds import Kind
from scripts.rehearsal.cluster.objects import Objects
from scripts.rehearsal.cluster.store import Store
from tests.unit.cluster.controllers import kubelet

NAMESPACE = "shop"


class Cluster:
    """``async with Cluster() as cluster``: everything runs until the block ends."""

    def __init__(self, **images):
        self.objects = Objects(Store(":memory:"))
        self.objects.service_network = IPv4Network("10.96.0.0/16")
        self.recorder = Recorder(self.objects)
        self.kubelet = kubelet.Kubelet(self.objects, **images)
        self._tasks: list[asyncio.Task] = []
        kubelet.register(self.objects)
        self.objects.create(kinds.NAMESPACE, {"metadata": {"name": NAMESPACE}})

    async def __aenter__(self) -> "Cluster":
        running = (controllers.run(self.objects, self.recorder), self.kubelet.run())
        self._tasks = [asyncio.create_task(each) for each in running]
        return self

    async def __aexit__(self, *_) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def until(self, condition: Callable[[], object], seconds: float = 5.0) -> object:
        """Wait for a true value and give it; the condition is asked again whenever the loop turns."""
        async with asyncio.timeout(seconds):
            while not (value := condition()):
                for task in self._tasks:
                    if task.done():
                        task.result()
                await asyncio.sleep(0.001)
        return value

    async def settled(self, turns: int = 60) -> None:
        """Wait until nothing has been written for some turns of the loop."""
        quiet, revision = 0, self.objects.store.revision
        while quiet < turns:
            await asyncio.sleep(0.0005)
            quiet = quiet + 1 if self.objects.store.revision == revision else 0
            revision = self.objects.store.revision

    def create(self, kind: Kind, name: str, **parts) -> dict:
        metadata = {"name": name, "namespace": NAMESPACE} | parts.pop("metadata", {})
        return self.objects.create(kind, {"metadata": metadata} | parts)

    def get(self, kind: Kind, name: str) -> dict:
        return self.objects.get(kind, NAMESPACE, name)

    def find(self, kind: Kind, name: str) -> dict | None:
        return self.objects.find(kind, NAMESPACE, name)

    def all(self, kind: Kind, **labels) -> list[dict]:
        return self.objects.list(kind, NAMESPACE, labels=labels)

    def modify(self, kind: Kind, name: str, change: Callable[[dict], object]) -> dict:
        return self.objects.modify(kind, NAMESPACE, name, change)

    def events(self, reason: str = "") -> list[str]:
        found = sorted(self.all(kinds.EVENT), key=lambda event: int(event["metadata"]["resourceVersion"]))
        return [event["message"] for event in found if event["reason"] == reason or not reason]


def deployment(image: str = "v1", replicas: int = 2, **spec) -> dict:
    """The spec of a Deployment with one container."""
    return {
        "replicas": replicas,
        "selector": {"matchLabels": {"app": "web"}},
        "template": template(image),
    } | spec


def template(image: str = "v1", app: str = "web", **spec) -> dict:
    container = {"name": "web", "image": image, "ports": [{"name": "http", "containerPort": 8080}]}
    return {"metadata": {"labels": {"app": app}}, "spec": {"containers": [container]} | spec}


def set_image(image: str) -> Callable[[dict], None]:
    def change(item: dict) -> None:
        item["spec"]["template"]["spec"]["containers"][0]["image"] = image

    return change


logging.getLogger("asyncio").setLevel(logging.ERROR)
