"""PersistentVolumeClaims as volumes of the Docker engine, kept until their claim is gone."""

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine, EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.payload import VolumeError
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

_IN_USE = 409


async def ensure(engine: Engine, objects: Objects, rehearsal_id: str, namespace: str, name: str) -> str:
    """The name of the engine's volume for a claim; VolumeError if there is no such claim."""
    claim = objects.find(kinds.PERSISTENT_VOLUME_CLAIM, namespace, name)
    if claim is None:
        raise VolumeError(f'persistentvolumeclaim "{name}" not found')
    uid = claim["metadata"]["uid"]
    volume = naming.volume_name(rehearsal_id, namespace, name, uid)
    labels = {naming.REHEARSAL: rehearsal_id, naming.CLAIM: uid}
    await engine.create_volume({"Name": volume, "Labels": labels})
    return volume


async def remove_released(engine: Engine, objects: Objects, rehearsal_id: str) -> bool:
    """Remove the volumes whose claim no longer exists; False if one is still in use."""
    claims = {claim["metadata"]["uid"] for claim in objects.list(kinds.PERSISTENT_VOLUME_CLAIM)}
    done = True
    for volume in await engine.volumes({naming.REHEARSAL: rehearsal_id}):
        claim = volume["Labels"].get(naming.CLAIM)
        if claim and claim not in claims:
            done = await _remove(engine, volume["Name"]) and done
    return done


async def _remove(engine: Engine, volume: str) -> bool:
    try:
        await engine.remove_volume(volume)
    except EngineError as error:
        if error.status != _IN_USE:
            raise
        return False
    return True
