"""One entry of a Pod's containerStatuses."""

from aks_flow.rehearsal.standins.kubernetes.kubelet.status.facts import ContainerFacts


def status(container: dict, facts: ContainerFacts, idle_reason: str) -> dict:
    """ContainerStatus. idle_reason: why a container that was never tried waits (ContainerCreating, …)."""
    entry = {
        "name": container["name"],
        "state": _state(facts, idle_reason),
        "lastState": {"terminated": facts.last_terminated} if facts.last_terminated else {},
        "ready": facts.ready,
        "restartCount": facts.restart_count,
        "image": facts.image or container["image"],
        "imageID": facts.image_id,
        "started": facts.started,
    }
    if facts.container_id:
        entry |= {"containerID": f"docker://{facts.container_id}"} | _granted(container, facts)
    return entry


def _state(facts: ContainerFacts, idle_reason: str) -> dict:
    if facts.waiting:
        reason, message = facts.waiting
        return {"waiting": {"reason": reason} | ({"message": message} if message else {})}
    if facts.terminated:
        return {"terminated": facts.terminated}
    if facts.running_since:
        return {"running": {"startedAt": facts.running_since}}
    return {"waiting": {"reason": idle_reason}}


def _granted(container: dict, facts: ContainerFacts) -> dict:
    resources = container.get("resources") or {}
    granted = {"resources": resources}
    if resources.get("requests"):
        granted["allocatedResources"] = resources["requests"]
    if facts.user:
        granted["user"] = facts.user
    if mounts := container.get("volumeMounts"):
        granted["volumeMounts"] = [_mount(mount) for mount in mounts]
    return granted


def _mount(mount: dict) -> dict:
    shown = {"name": mount["name"], "mountPath": mount["mountPath"]}
    return shown | ({"readOnly": True, "recursiveReadOnly": "Disabled"} if mount.get("readOnly") else {})


def linux_user(user: str, image_user: str, groups: list[str]) -> dict | None:
    """The numeric identity a container runs with; None when the image names its user."""
    owner, _, group = (user or image_user or "0").partition(":")
    if not owner.isdecimal() or (group and not group.isdecimal()):
        return None
    gid = int(group or 0)
    supplemental = sorted({gid, *map(int, groups)})
    return {"linux": {"uid": int(owner), "gid": gid, "supplementalGroups": supplemental}}
