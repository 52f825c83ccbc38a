"""Removing everything a rehearsal has on the Docker engine, and nothing of anyone else's."""

import asyncio

from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine, EngineDown, EngineError

__all__ = ("EngineDown", "EngineError", "remove_all")

_REMOVAL_SECONDS = 60


async def remove_all(rehearsal_id: str) -> dict[str, int]:
    """Containers, then networks, then volumes that carry the rehearsal's label; how many of each.

    Works while no cluster process runs. EngineDown if the engine does not answer,
    TimeoutError if it does not let a container go.
    """
    engine = Engine()
    labels = {naming.REHEARSAL: rehearsal_id}
    try:
        containers = await _remove_containers(engine, labels)
        networks = await engine.networks(labels)
        for network in networks:
            await engine.remove_network(network["Id"])
        volumes = await engine.volumes(labels)
        for volume in volumes:
            await engine.remove_volume(volume["Name"])
    finally:
        await engine.close()
    return {"containers": containers, "networks": len(networks), "volumes": len(volumes)}


async def _remove_containers(engine: Engine, labels: dict[str, str]) -> int:
    """Look until there is none: the engine may still finish what a killed process asked for."""
    removed: set[str] = set()
    async with asyncio.timeout(_REMOVAL_SECONDS):
        while container_ids := {container["Id"] for container in await engine.containers(labels)}:
            await asyncio.gather(*(engine.remove(container_id) for container_id in container_ids))
            removed |= container_ids
    return len(removed)
