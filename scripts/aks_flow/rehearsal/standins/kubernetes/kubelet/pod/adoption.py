"""What is on the engine for a pod, put into its state: after a restart, and before it is stopped."""

from contextlib import suppress

from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.images.reference import (
    InvalidImageName,
    held_digest,
    parse,
    reported,
)
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod import ended_container
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.running_pod import RunningPod
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec import security
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.containers import linux_user
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.facts import ContainerFacts, terminated


async def adopt(state: RunningPod) -> None:
    """Sandbox and containers by label; what was created but never started is removed."""
    engine = state.node.engine
    labels = {naming.REHEARSAL: state.node.rehearsal_id, naming.POD: state.uid}
    summaries_by_container: dict[str, list[dict]] = {}
    for summary in await engine.containers(labels):
        if summary["State"] in ("created", "removing", "dead"):
            await engine.remove(summary["Id"])
        else:
            summaries_by_container.setdefault(summary["Labels"][naming.CONTAINER], []).append(summary)
    for name, summaries in summaries_by_container.items():
        summaries.sort(key=lambda summary: int(summary["Labels"][naming.ATTEMPT]), reverse=True)
        if name == naming.SANDBOX:
            state.sandbox.adopt(await engine.inspect(summaries[0]["Id"]))
        elif name in state.facts and not _is_known(state.facts[name], summaries[0]):
            await _adopt_container(state, name, summaries)


def _is_known(facts: ContainerFacts, summary: dict) -> bool:
    is_running = summary["State"] == "running"
    return facts.container_id == summary["Id"] and bool(facts.running_since) == is_running


async def _adopt_container(state: RunningPod, name: str, summaries: list[dict]) -> None:
    current = await state.node.engine.inspect(summaries[0]["Id"])
    facts = ContainerFacts(
        container_id=current["Id"], restart_count=int(current["Config"]["Labels"][naming.ATTEMPT])
    )
    await _identify(state, name, current, facts)
    if len(summaries) > 1:
        facts.last_terminated = terminated(await state.node.engine.inspect(summaries[1]["Id"]))
    state.facts[name] = facts
    if current["State"]["Running"]:
        facts.running_since = current["State"]["StartedAt"][:19] + "Z"
        _trust_last_report(state.pod, name, facts)
    else:
        await ended_container.record_end(state, name)


async def _identify(state: RunningPod, name: str, current: dict, facts: ContainerFacts) -> None:
    image = await state.node.engine.image(current["Image"]) or {}
    user = (image.get("Config") or {}).get("User", "")
    facts.user = linux_user(current["Config"]["User"], user, security.groups(state.pod))
    facts.image_id = current["Image"]
    with suppress(InvalidImageName):
        reference = parse(state.container(name)["image"])
        facts.image_id = held_digest(reference, image) or current["Image"]
        facts.image = reported(reference, current["Image"])


def _trust_last_report(pod: dict, name: str, facts: ContainerFacts) -> None:
    """A container that was ready stays so until a probe says otherwise: a restart must not cost traffic."""
    status = pod.get("status", {})
    for entry in (*(status.get("containerStatuses") or ()), *(status.get("initContainerStatuses") or ())):
        if entry["name"] == name and entry.get("containerID") == f"docker://{facts.container_id}":
            facts.ready, facts.started = entry["ready"], entry.get("started", False)
