"""Removing everything a rehearsal has on the Docker engine, and nothing of anyone else's."""

import asyncio

from scripts.rehearsal.cluster.node import naming
from scripts.rehearsal.cluster.node.engine import Engine


async def remove_all(rehearsal_id: str) -> dict[str, int]:
    """Containers, then networks, then volumes that carry the rehearsal's label; how many of each.

    Works while no cluster process runs. EngineDown if the engine does not answer.
    """
    engine = Engine()
    labels = {naming.REHEARSAL: rehearsal_id}
    try:
        containers = await engine.containers(labels)
        await asyncio.gather(*(engine.remove(each["Id"]) for each in containers))
        networks = await engine.networks(labels)
        for network in networks:
            await engine.remove_network(network["Id"])
        volumes = await engine.volumes(labels)
        for volume in volumes:
            await engine.remove_volume(volume["Name"])
    finally:
        await engine.close()
    return {"containers": len(containers), "networks": len(networks), "volumes": len(volumes)}
