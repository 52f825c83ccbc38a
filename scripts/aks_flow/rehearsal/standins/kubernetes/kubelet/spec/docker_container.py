"""A container of a Pod as the Docker engine's configuration."""

from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec import resources, security
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.expansion import expand

_LOGS = {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "5"}}


@dataclass(frozen=True)
class Resolved:
    """What a container needs beside its specification.

    image: the reference to create from; image_user: the User of the image's configuration.
    mounts: Docker's mount objects. sandbox_id: the container whose network, hostname and IPC are joined.
    """

    image: str
    image_user: str
    environment: dict[str, str]
    mounts: list[dict]
    sandbox_id: str
    rehearsal_id: str
    attempt: int


def config(pod: dict, container: dict, resolved: Resolved) -> dict:
    """The body of Docker's ``POST /containers/create``; ContainerConfigError if it must not run as root."""
    security.check_non_root(pod, container, resolved.image_user)
    context = security.effective(pod, container)
    return {
        "Image": resolved.image,
        **_command(container, resolved.environment),
        "Env": [f"{name}={value}" for name, value in resolved.environment.items()],
        "User": security.user(context, resolved.image_user),
        "WorkingDir": container.get("workingDir", ""),
        "Tty": bool(container.get("tty")),
        "OpenStdin": bool(container.get("stdin")),
        "StdinOnce": bool(container.get("stdinOnce")),
        **_stop_signal(container),
        "Healthcheck": {"Test": ["NONE"]},
        "Labels": naming.labels(resolved.rehearsal_id, pod, container["name"], resolved.attempt),
        "HostConfig": _host_config(pod, container, context, resolved),
    }


def _command(container: dict, environment: dict[str, str]) -> dict:
    """Kubernetes' command is Docker's entrypoint; with a command, the image's own arguments do not count."""
    settings = {}
    if container.get("command"):
        settings["Entrypoint"] = [expand(word, environment) for word in container["command"]]
    if container.get("args"):
        settings["Cmd"] = [expand(word, environment) for word in container["args"]]
    return settings


def _stop_signal(container: dict) -> dict:
    signal = (container.get("lifecycle") or {}).get("stopSignal")
    return {"StopSignal": signal} if signal else {}


def _host_config(pod: dict, container: dict, context: dict, resolved: Resolved) -> dict:
    joined = f"container:{resolved.sandbox_id}"
    return {
        "NetworkMode": joined,
        "IpcMode": joined,
        "PidMode": joined if pod["spec"].get("shareProcessNamespace") else "",
        "Mounts": resolved.mounts,
        "GroupAdd": security.groups(pod),
        "LogConfig": _LOGS,
        **security.host_config(context),
        **resources.host_config(container.get("resources") or {}),
    }
