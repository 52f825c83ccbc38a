"""A kubelet that runs nothing: pods become running and ready, and end when they are told to."""

from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.controllers.conditions import put
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

NODE = "node-1"


def register(objects: Objects, cpu: str = "4", memory: str = "8Gi", pods: str = "110") -> None:
    """Add the node."""
    node = {"metadata": {"name": NODE, "labels": {"kubernetes.io/hostname": NODE}}}
    objects.create(kinds.NODE, node)
    amounts = {"cpu": cpu, "memory": memory, "pods": pods}
    objects.modify(kinds.NODE, "", NODE, lambda item: item.update(status={"allocatable": amounts}), "status")


class Kubelet:
    """By image, pods become ready, never do (``sick``), or end at once (``done``, ``bad``).

    stalled: pods that are being deleted keep running until this is False again.
    """

    def __init__(self, objects: Objects, clock: times.Clock):
        self._objects, self._clock = objects, clock
        self._addresses = 0
        self.stalled = False

    async def run(self) -> None:
        async for change in self._objects.watch([kinds.POD]):
            pod = self._objects.find(kinds.POD, *_key(change.object))
            if pod and change.type != "DELETED" and pod["spec"].get("nodeName"):
                self._sync(pod)

    def end_deleted_pods(self) -> None:
        self.stalled = False
        for pod in self._objects.list(kinds.POD):
            self._sync(pod)

    def set_ready(self, pod: dict, ready: bool) -> None:
        pod = self._objects.get(kinds.POD, *_key(pod))
        pod["status"]["conditions"] = put(pod["status"]["conditions"], _ready(ready), self._clock())
        self._objects.update(kinds.POD, pod, subresource="status")

    def _sync(self, pod: dict) -> None:
        if "deletionTimestamp" in pod["metadata"]:
            if not self.stalled:
                self._objects.remove(kinds.POD, *_key(pod), pod["metadata"]["uid"])
        elif "podIP" not in pod.get("status", {}):
            self._start(pod, self._clock())

    def _start(self, pod: dict, moment: datetime) -> None:
        self._addresses += 1
        image = pod["spec"]["containers"][0]["image"]
        phase = {"done": "Succeeded", "bad": "Failed"}.get(image, "Running")
        news = _ready(phase == "Running" and image != "sick")
        conditions = put(pod["status"].get("conditions", ()), news, moment)
        pod["status"] |= {"phase": phase, "podIP": f"10.0.0.{self._addresses}", "conditions": conditions}
        if phase != "Running":
            ended = {"terminated": {"exitCode": int(phase == "Failed"), "finishedAt": times.stamp(moment)}}
            pod["status"]["containerStatuses"] = [{"name": "web", "restartCount": 0, "state": ended}]
        self._objects.update(kinds.POD, pod, subresource="status")


def _ready(ready: bool) -> dict:
    return {"type": "Ready", "status": str(ready)}


def _key(pod: dict) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]
