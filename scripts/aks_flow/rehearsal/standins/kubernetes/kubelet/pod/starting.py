"""One attempt to start a container: image, environment, mounts, create, start."""

import os

from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.images.puller import Image
from aks_flow.rehearsal.standins.kubernetes.kubelet.node_context import uninterrupted
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.running_pod import RunningPod
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.waiting_reason import CreateError, StartError
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec import docker_container, environment, security
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.errors import ContainerConfigError
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.containers import linux_user
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.facts import ContainerFacts
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.payload import VolumeError

_TERMINATION_PATH = "/dev/termination-log"


async def start(state: RunningPod, container: dict, attempt: int) -> ContainerFacts:
    """Start it; the facts of the running container. One of trouble.EXPECTED, StartError, SandboxLost."""
    name = container["name"]
    image = await state.node.puller.ensure(
        container, state.pull_secrets(), lambda reason, message: state.tell(reason, message, name)
    )
    config = await _configuration(state, container, image, attempt)
    container_id = await uninterrupted(_create(state, container, config, attempt))
    state.tell("Created", "Container created", name)
    await state.sandbox.started()
    await _run(state, container_id)
    state.tell("Started", "Container started", name)
    running = await state.node.engine.inspect(container_id)
    return _facts(state.pod, running, image, config["User"], attempt)


async def _configuration(state: RunningPod, container: dict, image: Image, attempt: int) -> dict:
    values = environment.resolve(state.pod, container, state.environment_sources())
    resolved = docker_container.Resolved(
        image=image.reference,
        image_user=image.user,
        environment=values,
        mounts=await _mounts(state, container, values, attempt),
        sandbox_id=state.sandbox.container_id,
        rehearsal_id=state.node.rehearsal_id,
        attempt=attempt,
    )
    return docker_container.config(state.pod, container, resolved)


async def _mounts(state: RunningPod, container: dict, values: dict, attempt: int) -> list[dict]:
    try:
        volumes = await state.volumes.mounts(state.pod, container, values, state.sandbox.container_id)
    except VolumeError as error:
        raise ContainerConfigError(str(error)) from error
    hosts = _file(state.node.network.names.path(state.pod), "/etc/hosts")
    termination = _file(
        termination_log(state, container["name"], attempt),
        container.get("terminationMessagePath") or _TERMINATION_PATH,
    )
    own = {mount["Target"] for mount in volumes}
    return [*volumes, *(mount for mount in (hosts, termination) if mount["Target"] not in own)]


def _file(path: os.PathLike, target: str) -> dict:
    return {"Type": "bind", "Source": str(path), "Target": target, "ReadOnly": False}


def termination_log(state: RunningPod, container: str, attempt: int) -> os.PathLike:
    """The file in which a container may say why it ends; any user may write to it."""
    directory = state.directory / "termination"
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{container}-{attempt}"
    path.touch()
    path.chmod(0o666)
    return path


async def _create(state: RunningPod, container: dict, config: dict, attempt: int) -> str:
    name = naming.container_name(state.node.rehearsal_id, state.pod, container["name"], attempt)
    try:
        return await state.node.engine.create(name, config)
    except EngineError as error:
        raise CreateError(error.message) from error


async def _run(state: RunningPod, container_id: str) -> None:
    try:
        await uninterrupted(state.node.engine.start(container_id))
    except EngineError as error:
        raise StartError(container_id, error.message) from error


def _facts(pod: dict, running: dict, image: Image, user: str, attempt: int) -> ContainerFacts:
    return ContainerFacts(
        container_id=running["Id"],
        image=image.reported,
        image_id=image.digest,
        user=linux_user(user, image.user, security.groups(pod)),
        restart_count=attempt,
        running_since=running["State"]["StartedAt"][:19] + "Z",
    )
