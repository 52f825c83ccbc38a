"""Do a rollout's pods run what was delivered? Told by the digests that they are made with.

A reference with a digest can run nothing else: the kubelet takes no other bytes for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from aks_flow.core.image_ref import ImageRef, parsed
from aks_flow.rollout.verdict.facts import RolloutFacts, WorkloadFacts


@dataclass(frozen=True)
class RunningImage:
    """A container of a new pod that runs one of a version's images, or another build of it.

    running: what its pod names. delivered: what it is to be.
    """

    workload: str
    pod: str
    container: str
    running: ImageRef
    delivered: ImageRef

    @property
    def differs(self) -> bool:
        return self.running.digest != self.delivered.digest

    def __str__(self) -> str:
        return f"{self.container} of {self.pod} runs {self.running}, not {self.delivered.digest}"


def read(facts: RolloutFacts, image: ImageRef) -> list[RunningImage]:
    """What runs of a version. image: the app's own, with its others."""
    return [own for workload in facts.workloads for own in _of_workload(workload, image)]


def proof(images: list[RunningImage]) -> str:
    """``2 pods of sha256:…``, for each digest."""
    pods = {}
    for image in images:
        pods.setdefault(image.running.digest[:19], set()).add(image.pod)
    texts = [
        f"{len(names)} {'pod' if len(names) == 1 else 'pods'} of {digest}" for digest, names in pods.items()
    ]
    return ", ".join(texts) or "no pod runs it now"


def _of_workload(workload: WorkloadFacts, image: ImageRef) -> Iterator[RunningImage]:
    for pod in workload.pods:
        for container in pod.containers:
            running = parsed(container.image)
            delivered = _delivered(running, image) if running else None
            if delivered:
                yield RunningImage(workload.ref, pod.name, container.name, running, delivered)


def own(text: str, image: ImageRef) -> ImageRef | None:
    """What a container's text names, if that is one of a version's images or another build of one."""
    running = parsed(text)
    return running if running and _delivered(running, image) else None


def _delivered(running: ImageRef, image: ImageRef) -> ImageRef | None:
    """The member that it is: by its digest, wherever it was pulled from, or else by its name."""
    members = image.members
    same = [member for member in members if member.digest == running.digest]
    named = [member for member in members if member.repository == running.repository]
    return next(iter([*same, *named]), None)
