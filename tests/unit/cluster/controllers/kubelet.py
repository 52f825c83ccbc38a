"""A kubelet that runs nothing: pods become running and ready, and end when they are told to."""

from scripts.rehearsal.cluster import kinds, times
from scripts.rehearsal.cluster.objects import Objects

NODE = "node-1"


def register(objects: Objects, cpu: str = "4", memory: str = "8Gi", pods: str = "110") -> None:
    """Add the node."""
    node = {"metadata": {"name": NODE, "labels": {"kubernetes.io/hostname": NODE}}}
    objects.create(kinds.NODE, node)
    amounts = {"cpu": cpu, "memory": memory, "pods": pods}
    objects.modify(kinds.NODE, "", NODE, lambda item: item.update(status={"allocatable": amounts}), "status")


class Kubelet:
    """By image, pods become ready, never do (sick), or end at once with success or failure."""

    def __init__(self, objects: Objects, sick=("sick",), succeeding=("done",), failing=("bad",)):
        self._objects = objects
        self._sick, self._succeeding, self._failing = set(sick), set(succeeding), set(failing)
        self._addresses = 0
        self.ready_per_revision: list[int] = []

    async def run(self) -> None:
        async for change in self._objects.watch([kinds.POD]):
            namespace, name = change.object["metadata"]["namespace"], change.object["metadata"]["name"]
            pod = self._objects.find(kinds.POD, namespace, name)
            if pod and change.type != "DELETED" and pod["spec"].get("nodeName"):
                self._sync(pod)

    def _sync(self, pod: dict) -> None:
        if "deletionTimestamp" in pod["metadata"]:
            self._objects.remove(kinds.POD, *_key(pod), pod["metadata"]["uid"])
        elif "podIP" not in pod.get("status", {}):
            self._start(pod)

    def _start(self, pod: dict) -> None:
        self._addresses += 1
        image = pod["spec"]["containers"][0]["image"]
        phase = (
            "Succeeded" if image in self._succeeding else "Failed" if image in self._failing else "Running"
        )
        ready = phase == "Running" and image not in self._sick
        kept = [each for each in pod["status"].get("conditions", ()) if each["type"] != "Ready"]
        condition = {"type": "Ready", "status": str(ready), "lastTransitionTime": times.stamp(times.now())}
        pod["status"] |= {
            "phase": phase,
            "podIP": f"10.0.0.{self._addresses}",
            "conditions": [*kept, condition],
        }
        self._objects.update(kinds.POD, pod, subresource="status")


def _key(pod: dict) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]
