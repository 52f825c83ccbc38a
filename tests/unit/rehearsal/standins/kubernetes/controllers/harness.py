"""All controllers on the real Objects over a SQLite store in memory, with a kubelet that runs nothing.

The loop's time is the test's: ``settle`` runs everything that is due, ``pass_time`` lets deadlines come.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv4Network

from aks_flow.rehearsal.standins.kubernetes import controllers
from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.controllers import volumes
from aks_flow.rehearsal.standins.kubernetes.controllers.runtime import Runtime
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.objects.events import Recorder
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.options import DeleteOptions
from aks_flow.rehearsal.standins.kubernetes.store import ObjectStore
from tests.unit.rehearsal.standins.kubernetes.controllers.kubelet import Kubelet, register

NAMESPACE = "shop"
# Turns of the loop without a write after which nothing more will come by itself.
_QUIET_TURNS = 150


class Loop(asyncio.SelectorEventLoop):
    """A loop whose clock can be put forward."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


class Cluster:
    def __init__(self):
        self.objects = Objects(ObjectStore(":memory:"))
        self.objects.service_network = IPv4Network("10.96.0.0/16")
        self._loop, self._began = Loop(), times.now()
        self.recorder = Recorder(self.objects, self.now)
        self.kubelet = Kubelet(self.objects, self.now)
        volumes.create_storage_classes(self.objects)
        register(self.objects)
        self.objects.create(kinds.NAMESPACE, {"metadata": {"name": NAMESPACE}})
        self._tasks: list[asyncio.Task] = []
        self.start()

    def start(self) -> None:
        runtime = Runtime(self.objects, controllers.every(self.objects, self.recorder, self.now))
        self._tasks = [self._loop.create_task(coroutine) for coroutine in (runtime.run(), self.kubelet.run())]

    def stop(self) -> None:
        """As a killed process: the objects stay."""
        for task in self._tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))

    def close(self) -> None:
        self.stop()
        self._loop.close()
        self.objects.store.close()

    def now(self) -> datetime:
        """It goes on only where it is put forward: no test meets the end of a minute by chance."""
        return self._began + timedelta(seconds=self._loop.ahead)

    def settle(self) -> None:
        """Run until nothing is written any more; a controller that died fails the test."""
        self._loop.run_until_complete(self._settle())

    async def _settle(self) -> None:
        quiet, revision, writes = 0, self.objects.store.revision, 0
        while quiet < _QUIET_TURNS:
            await asyncio.sleep(0)
            writes += self.objects.store.revision - revision
            quiet = quiet + 1 if self.objects.store.revision == revision else 0
            revision = self.objects.store.revision
            assert writes < 5000, "the controllers do not come to rest"
        for task in self._tasks:
            if task.done():
                task.result()

    def pass_time(self, seconds: float) -> None:
        self._loop.ahead += seconds
        self.settle()

    def create(self, kind: Kind, name: str, **parts) -> dict:
        metadata = {"name": name, "namespace": NAMESPACE} | parts.pop("metadata", {})
        made = self.objects.create(kind, {"metadata": metadata} | parts)
        self.settle()
        return made

    def get(self, kind: Kind, name: str) -> dict:
        return self.objects.get(kind, NAMESPACE, name)

    def find(self, kind: Kind, name: str) -> dict | None:
        return self.objects.find(kind, NAMESPACE, name)

    def all(self, kind: Kind, **labels) -> list[dict]:
        return self.objects.list(kind, NAMESPACE, labels=labels)

    def names(self, kind: Kind) -> list[str]:
        return [item["metadata"]["name"] for item in self.all(kind)]

    def images(self, kind: Kind = kinds.POD) -> list[str]:
        return sorted(item["spec"]["containers"][0]["image"] for item in self.all(kind))

    def modify(self, kind: Kind, name: str, change: Callable[[dict], object]) -> dict:
        changed = self.objects.modify(kind, NAMESPACE, name, change)
        self.settle()
        return changed

    def delete(self, kind: Kind, name: str, **options) -> None:
        self.objects.delete(kind, NAMESPACE, name, DeleteOptions(**options))
        self.settle()

    def events(self, reason: str) -> list[str]:
        """Messages, oldest first."""
        matching = [event for event in self.all(kinds.EVENT) if event["reason"] == reason]
        matching.sort(key=lambda event: int(event["metadata"]["resourceVersion"]))
        return [event["message"] for event in matching]

    def conditions(self, kind: Kind, name: str) -> dict[str, tuple[str, str]]:
        """Type -> (status, reason)."""
        listed = self.get(kind, name)["status"].get("conditions", ())
        return {condition["type"]: (condition["status"], condition["reason"]) for condition in listed}


def deployment(image: str = "v1", replicas: int = 2, **spec) -> dict:
    """The spec of a Deployment with one container."""
    selector = {"matchLabels": {"app": "web"}}
    return {"replicas": replicas, "selector": selector, "template": template(image)} | spec


def template(image: str = "v1", app: str = "web", **spec) -> dict:
    container = {"name": "web", "image": image, "ports": [{"name": "http", "containerPort": 8080}]}
    return {"metadata": {"labels": {"app": app}}, "spec": {"containers": [container]} | spec}


def set_image(image: str) -> Callable[[dict], None]:
    def change(item: dict) -> None:
        item["spec"]["template"]["spec"]["containers"][0]["image"] = image

    return change


def set_spec(**fields) -> Callable[[dict], None]:
    return lambda item: item["spec"].update(fields)
