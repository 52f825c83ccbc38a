"""Which container's log is meant, by kubelet's rules."""

from scripts.rehearsal.cluster.node.pod.state import PodState
from scripts.rehearsal.cluster.status import bad_request

_PULLING = {
    "ErrImagePull": "image can't be pulled",
    "ImagePullBackOff": "trying and failing to pull image",
}


def container_to_read(state: PodState, container: str, previous: bool) -> str:
    """The engine's id of the container; StatusError 400 if there is nothing to read."""
    pod = state.pod["metadata"]["name"]
    facts = state.facts.get(container)
    if facts is None:
        raise bad_request(f"container {container} is not valid for pod {pod}")
    if previous:
        if facts.last_terminated is None:
            raise bad_request(f'previous terminated container "{container}" in pod "{pod}" not found')
        return _id(facts.last_terminated)
    if facts.running_since or facts.has_ended:
        return facts.container_id
    if facts.last_terminated:
        return _id(facts.last_terminated)
    reason = facts.waiting[0] if facts.waiting else _idle(state)
    why = _PULLING.get(reason, reason)
    raise bad_request(f'container "{container}" in pod "{pod}" is waiting to start: {why}')


def _id(ended: dict) -> str:
    return ended["containerID"].removeprefix("docker://")


def _idle(state: PodState) -> str:
    return "PodInitializing" if state.pod["spec"].get("initContainers") else "ContainerCreating"
