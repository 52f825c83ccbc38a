"""The front end as its namespace's Deployments and Pods tell it."""

from dataclasses import dataclass

from scripts.image import ImageRef


@dataclass(frozen=True)
class Pod:
    """container: the one that tells. digest: of what it runs. troubles: why the pod is not ready."""

    name: str
    container: str
    ready: bool
    image: ImageRef
    digest: str
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workload:
    """The Deployment (all zero if there is none) and its pods, those that are ending left out."""

    image: ImageRef | None = None
    generation: int = 0
    observed: int = 0
    wanted: int = 0
    available: int = 0
    rolled_out: bool = False
    pods: tuple[Pod, ...] = ()


def parse(items: list[dict], name: str) -> Workload:
    """``items``: Deployments and Pods of one namespace, in any order; ``name``: Deployment and container."""
    deployment = next(
        (one for one in items if _is(one, "Deployment") and one["metadata"]["name"] == name), None
    )
    if not deployment:
        return Workload()
    spec, status = deployment["spec"], deployment.get("status", {})
    labels, wanted = spec["selector"].get("matchLabels", {}), spec.get("replicas", 1)
    counts = [status.get(key, 0) for key in ("replicas", "updatedReplicas", "availableReplicas")]
    return Workload(
        ImageRef.parse(_container(spec["template"]["spec"], name)["image"]),
        deployment["metadata"].get("generation", 0),
        status.get("observedGeneration", 0),
        wanted,
        status.get("availableReplicas", 0),
        counts == [wanted] * 3,
        tuple(pod(one, name) for one in items if _is(one, "Pod") and _runs(one) and _has(one, labels)),
    )


def pod(item: dict, container: str) -> Pod:
    """A Pod object -> Pod, told by ``container`` or by its first one."""
    chosen, status = _container(item["spec"], container), item.get("status", {})
    states = [*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])]
    state = next((one for one in states if one["name"] == chosen["name"]), {})
    conditions = {one["type"]: one for one in status.get("conditions", [])}
    ready = conditions.get("Ready", {}).get("status") == "True"
    image = ImageRef.parse(chosen["image"])
    troubles = tuple(_troubles(states, conditions))
    return Pod(item["metadata"]["name"], chosen["name"], ready, image, _digest(state, image), troubles)


def _is(item: dict, kind: str) -> bool:
    return item["kind"] == kind


def _runs(item: dict) -> bool:
    ended = item.get("status", {}).get("phase") in ("Succeeded", "Failed")
    return not ended and "deletionTimestamp" not in item["metadata"]


def _has(item: dict, labels: dict) -> bool:
    return labels.items() <= item["metadata"].get("labels", {}).items()


def _container(spec: dict, name: str) -> dict:
    return next((one for one in spec["containers"] if one["name"] == name), spec["containers"][0])


def _digest(state: dict, image: ImageRef) -> str:
    """What the node says that it runs; where it gives no registry digest, the pod's own pin."""
    running = state.get("imageID", "")
    if not running:
        return ""
    return running.rpartition("@")[2] if "@" in running else image.digest


def _troubles(states: list[dict], conditions: dict) -> list[str]:
    scheduled = conditions.get("PodScheduled", {})
    found = [_words("", scheduled)] if scheduled.get("status") == "False" else []
    for one in states:
        waiting, ended = one.get("state", {}).get("waiting"), one.get("state", {}).get("terminated")
        if waiting and waiting.get("reason") not in ("ContainerCreating", "PodInitializing"):
            found.append(_words(one["name"], waiting))
        elif ended and ended.get("exitCode"):
            found.append(f"{one['name']}: ended with exit code {ended['exitCode']}")
    return found


def _words(name: str, said: dict) -> str:
    parts = (name, said.get("reason", ""), said.get("message", ""))
    return ": ".join(part for part in parts if part)
