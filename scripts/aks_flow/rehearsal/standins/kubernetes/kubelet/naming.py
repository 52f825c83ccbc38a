"""Names and labels of what the node makes on the Docker engine: how a restarted process finds it again."""

import re

REHEARSAL = "aks-flow.rehearsal"
POD = "aks-flow.pod"
CONTAINER = "aks-flow.container"
ATTEMPT = "aks-flow.attempt"
CLAIM = "aks-flow.claim"

# No Kubernetes name holds an underscore, so these cannot clash with a container's.
SANDBOX = "_sandbox"
PROXY = "_proxy"

NODE_NAME = "rehearsal"


def network_name(rehearsal_id: str) -> str:
    return f"aks-flow-{rehearsal_id}"


def container_name(rehearsal_id: str, pod: dict, container: str, attempt: int) -> str:
    """``aks-flow-ID-web_web-79747c6547-2fxcb_shop_UID_0``: to read in ``docker ps``, and unique."""
    meta = pod["metadata"]
    parts = (container.strip("_"), meta["name"], meta["namespace"], meta["uid"], str(attempt))
    return f"aks-flow-{rehearsal_id}-{'_'.join(parts)}"


def volume_name(rehearsal_id: str, *parts: str) -> str:
    return f"aks-flow-{rehearsal_id}-{re.sub(r'[^a-zA-Z0-9_.-]', '-', '_'.join(parts))}"


def labels(rehearsal_id: str, pod: dict, container: str, attempt: int) -> dict[str, str]:
    return {
        REHEARSAL: rehearsal_id,
        POD: pod["metadata"]["uid"],
        CONTAINER: container,
        ATTEMPT: str(attempt),
    }


def pod_full_name(pod: dict) -> str:
    """``web-79747c6547-2fxcb_shop(UID)``, as kubelet writes a pod in messages."""
    meta = pod["metadata"]
    return f"{meta['name']}_{meta['namespace']}({meta['uid']})"
