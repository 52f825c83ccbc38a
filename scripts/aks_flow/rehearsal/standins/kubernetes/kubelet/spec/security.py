"""Security contexts as Docker settings, and the refusal to run as root."""

from aks_flow.rehearsal.standins.kubernetes.kubelet.naming import pod_full_name
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.errors import ContainerConfigError


def effective(pod: dict, container: dict) -> dict:
    """The container's security context on top of the pod's."""
    return {**(pod["spec"].get("securityContext") or {}), **(container.get("securityContext") or {})}


def user(context: dict, image_user: str) -> str:
    """Docker's ``uid:gid``; "" leaves the image's user alone."""
    uid, gid = context.get("runAsUser"), context.get("runAsGroup")
    if uid is None and gid is None:
        return ""
    owner = str(uid) if uid is not None else image_user.partition(":")[0] or "0"
    return f"{owner}:{gid}" if gid is not None else owner


def check_non_root(pod: dict, container: dict, image_user: str) -> None:
    """ContainerConfigError, in kubelet's words, if runAsNonRoot does not hold or cannot be known to hold."""
    context = effective(pod, container)
    if not context.get("runAsNonRoot"):
        return
    where = f'(pod: "{pod_full_name(pod)}", container: {container["name"]})'
    uid = context.get("runAsUser")
    if uid == 0:
        raise ContainerConfigError(f"container's runAsUser breaks non-root policy {where}")
    if uid is not None:
        return
    name = image_user.partition(":")[0]
    if name in ("", "0", "root"):
        raise ContainerConfigError(f"container has runAsNonRoot and image will run as root {where}")
    if not name.isdecimal():
        raise ContainerConfigError(
            f"container has runAsNonRoot and image has non-numeric user ({name}), "
            f"cannot verify user is non-root {where}"
        )


def groups(pod: dict) -> list[str]:
    """Supplemental groups: the pod's, and the one that owns its volumes."""
    context = pod["spec"].get("securityContext") or {}
    owner = [context["fsGroup"]] if context.get("fsGroup") is not None else []
    return [str(group) for group in [*context.get("supplementalGroups", ()), *owner]]


def host_config(context: dict) -> dict:
    """The part of Docker's HostConfig that a security context decides."""
    capabilities = context.get("capabilities") or {}
    return {
        "Privileged": bool(context.get("privileged")),
        "ReadonlyRootfs": bool(context.get("readOnlyRootFilesystem")),
        "CapAdd": capabilities.get("add") or [],
        "CapDrop": capabilities.get("drop") or [],
        "SecurityOpt": _options(context),
    }


def _options(context: dict) -> list[str]:
    no_more = context.get("allowPrivilegeEscalation") is False
    unconfined = (context.get("seccompProfile") or {}).get("type") == "Unconfined"
    return ["no-new-privileges"] * no_more + ["seccomp=unconfined"] * unconfined
