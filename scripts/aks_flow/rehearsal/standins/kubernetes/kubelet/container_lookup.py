"""The engine's id of a pod's container, by kubelet's rules and the pod's status."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError, bad_request

_PULLING = {
    "ErrImagePull": "image can't be pulled",
    "ImagePullBackOff": "trying and failing to pull image",
}


def container_to_read(pod: dict, container: str, previous: bool) -> str:
    """The engine's id of the container whose log is asked for; StatusError 400 if there is none."""
    name, status = pod["metadata"]["name"], _status(pod, container)
    state, last = status.get("state") or {}, status.get("lastState") or {}
    if previous:
        if "terminated" not in last:
            raise bad_request(f'previous terminated container "{container}" in pod "{name}" not found')
        return _id(last["terminated"])
    if "running" in state:
        return _id(status)
    if "terminated" in state:
        return _id(state["terminated"])
    if "terminated" in last:
        return _id(last["terminated"])
    reason = state.get("waiting", {}).get("reason", "ContainerCreating")
    why = _PULLING.get(reason, reason)
    raise bad_request(f'container "{container}" in pod "{name}" is waiting to start: {why}')


def container_to_enter(pod: dict, container: str) -> str:
    """The engine's id of a container that runs; StatusError 500, as kubelet has it, if it does not."""
    status = _status(pod, container)
    if "running" not in (status.get("state") or {}):
        raise not_there(container)
    return _id(status)


def not_there(container: str) -> StatusError:
    text = f'unable to upgrade connection: container not found ("{container}")'
    return StatusError(500, "InternalError", f"Internal error occurred: {text}")


def _status(pod: dict, container: str) -> dict:
    name, status = pod["metadata"]["name"], pod.get("status") or {}
    if not pod["spec"].get("nodeName"):
        raise bad_request(f"pod {name} does not have a host assigned")
    declared = [*(pod["spec"].get("initContainers") or ()), *pod["spec"]["containers"]]
    if all(entry["name"] != container for entry in declared):
        raise bad_request(f"container {container} is not valid for pod {name}")
    entries = [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]
    return next((entry for entry in entries if entry["name"] == container), {})


def _id(entry: dict) -> str:
    return entry["containerID"].removeprefix("docker://")
