"""A container that has ended: its exit code, its termination message, and the removal of older attempts."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.logs import LogOptions, stream
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.running_pod import RunningPod
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.starting import termination_log
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.facts import terminated

_MESSAGE_BYTES = 4096
_LOG_LINES, _LOG_BYTES = 80, 2048


async def record_end(state: RunningPod, name: str) -> None:
    """Put the end of a container into its facts."""
    facts = state.facts[name]
    facts.running_since, facts.ready, facts.started = "", False, False
    try:
        inspected = await state.node.engine.inspect(facts.container_id)
    except EngineError:
        facts.terminated = _vanished(facts.container_id)
        return
    failed = inspected["State"]["ExitCode"] != 0
    facts.terminated = terminated(inspected, await _termination_message(state, name, facts, failed))


def _vanished(container_id: str) -> dict:
    """Somebody else removed the container."""
    moment = times.stamp(times.now())
    return {
        "exitCode": 137,
        "reason": "ContainerStatusUnknown",
        "message": "The container could not be located when the pod was terminated",
        "startedAt": moment,
        "finishedAt": moment,
        "containerID": f"docker://{container_id}",
    }


async def _termination_message(state: RunningPod, name: str, facts, failed: bool) -> str:
    said = termination_log(state, name, facts.restart_count).read_bytes()[:_MESSAGE_BYTES]
    policy = state.container(name).get("terminationMessagePolicy", "File")
    if not said and failed and policy == "FallbackToLogsOnError":
        options = LogOptions(tail_lines=_LOG_LINES)
        chunks = [chunk async for chunk in stream(state.node.engine, facts.container_id, options)]
        said = b"".join(chunks)[-_LOG_BYTES:]
    return said.decode(errors="replace")


async def remove_old_attempts(state: RunningPod, name: str, attempt: int) -> None:
    """Remove all attempts but this one and the one before it, whose log may still be asked for."""
    labels = {naming.POD: state.uid, naming.CONTAINER: name, naming.REHEARSAL: state.node.rehearsal_id}
    if attempt < 2:
        return
    for summary in await state.node.engine.containers(labels):
        if int(summary["Labels"][naming.ATTEMPT]) < attempt - 1:
            await state.node.engine.remove(summary["Id"])
