"""The end of a pod: its containers are told, given their grace, and removed with everything they had."""

import asyncio

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod import ended_container, stopping
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.running_pod import RunningPod
from aks_flow.rehearsal.standins.kubernetes.kubelet.probes import prober


async def stop_containers(state: RunningPod, left) -> None:
    """Stop what runs: the containers at once, then the sidecars, last one first.

    left(): the seconds of grace that remain. New connections stop before the first signal is sent.
    """
    await state.node.network.withdraw(state.sandbox.address)
    await asyncio.gather(
        *(_stop(state, container["name"], left) for container in state.pod["spec"]["containers"])
    )
    for container in reversed(state.pod["spec"].get("initContainers") or ()):
        await _stop(state, container["name"], left)
    state.report()


async def _stop(state: RunningPod, name: str, left) -> None:
    if not state.facts[name].running_since:
        return
    state.tell("Killing", f"Stopping container {name}", name)
    subject = state.subject(name, changed=state.report, kill=lambda why, probe: None)
    readiness = asyncio.create_task(prober.readiness(subject))
    try:
        await stopping.stop(state, name, left)
    finally:
        readiness.cancel()
    await ended_container.record_end(state, name)


def grace_left(state: RunningPod) -> float:
    """Seconds until the pod's deletion is due, as its object says now."""
    meta = state.pod["metadata"]
    deadline = meta.get("deletionTimestamp")
    return times.seconds_left(deadline, meta.get("deletionGracePeriodSeconds") or 0) if deadline else 0.0


async def erase(state: RunningPod) -> None:
    """Remove everything the pod had on this machine, then its object."""
    engine = state.node.engine
    labels = {naming.REHEARSAL: state.node.rehearsal_id, naming.POD: state.uid}
    containers = await engine.containers(labels)
    await asyncio.gather(*(engine.remove(summary["Id"]) for summary in containers))
    await state.volumes.remove(state.uid, state.pod)
    state.sandbox.release()
    state.node.network.names.forget(state.pod)
    meta = state.pod["metadata"]
    state.node.objects.remove(kinds.POD, meta["namespace"], meta["name"], state.uid)
