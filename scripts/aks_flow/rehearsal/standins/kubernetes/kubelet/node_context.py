"""What all parts of the node share."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine
from aks_flow.rehearsal.standins.kubernetes.kubelet.images.puller import Puller
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.network import Network
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.fields import PodFacts
from aks_flow.rehearsal.standins.kubernetes.objects.events import Recorder
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects


@dataclass
class NodeContext:
    """up: set while the engine answers. allocatable: by resource name."""

    engine: Engine
    objects: Objects
    recorder: Recorder
    puller: Puller
    network: Network
    state_dir: Path
    rehearsal_id: str
    helper_image: str
    up: asyncio.Event = field(default_factory=asyncio.Event)
    allocatable: dict[str, str] = field(default_factory=dict)

    def pod_directory(self, uid: str) -> Path:
        return self.state_dir / "pods" / uid

    def pod_facts(self, address: str) -> PodFacts:
        return PodFacts(address, str(self.network.plan.gateway), self.allocatable)

    def finder(self, kind: kinds.Kind, namespace: str) -> Callable[[str], dict | None]:
        """name -> the object of that kind in a namespace, or None."""
        return lambda name: self.objects.find(kind, namespace, name)

    def tell(
        self, pod: dict, reason: str, message: str, container: str = "", *, warning: bool = False
    ) -> None:
        """Record an event of a pod, or of one of its containers."""
        path = f"spec.containers{{{container}}}" if container else ""
        if container and any(
            init_container["name"] == container for init_container in pod["spec"].get("initContainers", ())
        ):
            path = f"spec.initContainers{{{container}}}"
        self.recorder.event(pod, "Warning" if warning else "Normal", reason, message, "kubelet", path)


async def uninterrupted(work: Any) -> Any:
    """Await to the end even if cancelled meanwhile: what the engine has begun, it finishes."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def is_ours(pod: dict) -> bool:
    return pod["spec"].get("nodeName") == naming.NODE_NAME
