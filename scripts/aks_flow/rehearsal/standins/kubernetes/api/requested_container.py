"""Which container of a pod a request is about."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import bad_request


def container_name(pod: dict, asked: str) -> str:
    """The container asked for, or the only one; StatusError 400 in the words of a standard server."""
    name, spec = pod["metadata"]["name"], pod["spec"]
    running = [container["name"] for container in spec.get("containers", ())]
    first = [container["name"] for container in spec.get("initContainers") or ()]
    if asked:
        if asked not in running + first:
            raise bad_request(f"container {asked} is not valid for pod {name}")
        return asked
    if len(running) == 1 and not first:
        return running[0]
    if len(running) == 1:
        choices = f"choose one of: [{' '.join(running)}] or one of the init containers: [{' '.join(first)}]"
    else:
        choices = f"choose one of: [{' '.join(running)}]"
    raise bad_request(f"a container name must be specified for pod {name}, {choices}")
