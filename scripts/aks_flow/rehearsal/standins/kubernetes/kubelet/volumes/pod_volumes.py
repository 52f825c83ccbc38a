"""All volumes of one pod: set up, mounted into its containers, kept current, removed."""

import asyncio
import logging
import os
from math import ceil
from pathlib import Path

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.expansion import expand
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes import claims, payload, secrets_store, writer
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.ownership import give
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.payload import VolumeError, VolumeSources
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.removal import remove_tree
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.schema import quantity

_IN_SANDBOX = "/aks-flow/volumes"
_OPEN_TO_ALL = 0o777
_SET_GROUP = 0o2000
# Positional parameters: nothing from a Pod becomes part of the script.
_SHARE = (
    'chmod 0777 "$1" && { [ -z "$2" ] || { chgrp -R "$2" "$1" && chmod -R g+rwX "$1" && chmod g+s "$1"; }; }'
)
_MAKE = '[ -e "$1" ] || mkdir -p -m 0777 "$1"'

log = logging.getLogger(__name__)


class PodVolumes:
    """directory: the pod's own, under the state directory. state: that directory."""

    def __init__(self, engine: Engine, objects: Objects, rehearsal_id: str, directory: Path, state: Path):
        self._engine, self._objects, self._rehearsal_id = engine, objects, rehearsal_id
        self._state = state
        self._directory = directory / "volumes"
        self._volumes: dict[str, str] = {}
        self._syncing: set[asyncio.Task] = set()

    async def prepare(self, pod: dict, sources: VolumeSources) -> None:
        """Make every volume, so that the sandbox and the containers can mount them. VolumeError."""
        self._directory.mkdir(parents=True, exist_ok=True)
        for volume in pod["spec"].get("volumes") or ():
            try:
                await self._prepare(pod, volume, sources)
            except VolumeError as error:
                raise _not_set_up(volume["name"], str(error)) from error

    async def _prepare(self, pod: dict, volume: dict, sources: VolumeSources) -> None:
        name = volume["name"]
        if any(kind in volume for kind in payload.KINDS):
            files = payload.files(pod, volume, sources)
            writer.write(self._directory / name, files, _group(pod))
        elif claim := volume.get("persistentVolumeClaim"):
            namespace = pod["metadata"]["namespace"]
            self._volumes[name] = await claims.ensure(
                self._engine, self._objects, self._rehearsal_id, namespace, claim["claimName"]
            )
        elif "emptyDir" in volume:
            await self._prepare_empty(pod, name, volume["emptyDir"] or {})
        elif "csi" in volume:
            await self._prepare_secrets(pod, volume)
        else:
            kind = next(key for key in volume if key != "name")
            raise VolumeError(f"{kind} volumes are not available in the rehearsal cluster")

    async def _prepare_secrets(self, pod: dict, volume: dict) -> None:
        namespace = pod["metadata"]["namespace"]
        provider = secrets_store.provider_class(self._objects, namespace, volume)
        values = await asyncio.to_thread(secrets_store.read, self._state, provider, pod)
        writer.write(self._directory / volume["name"], secrets_store.files(values), _group(pod))
        self._syncing.add(task := asyncio.create_task(self._synchronise(pod, provider, values)))
        task.add_done_callback(self._syncing.discard)

    async def _synchronise(self, pod: dict, provider: dict, values: dict[str, bytes]) -> None:
        """The Secret comes after the mount, since another part of the driver makes it."""
        await asyncio.sleep(secrets_store.LATER)
        try:
            secrets_store.synchronise(self._objects, pod, provider, values)
        except StatusError as error:
            log.warning("no Secret for %s: %s", provider["metadata"]["name"], error)

    async def _prepare_empty(self, pod: dict, name: str, source: dict) -> None:
        group = _group(pod)
        if source.get("medium") == "Memory":
            volume = naming.volume_name(self._rehearsal_id, pod["metadata"]["uid"], name)
            await self._engine.create_volume(_memory(volume, self._rehearsal_id, source, group))
            self._volumes[name] = volume
            return
        (self._directory / name).mkdir(exist_ok=True)
        give(self._directory / name, group, _OPEN_TO_ALL | (_SET_GROUP if group is not None else 0))

    def sandbox_mounts(self) -> list[dict]:
        """The engine's volumes, held by the sandbox: memory lives as long as something mounts it."""
        return [_volume_mount(volume, f"{_IN_SANDBOX}/{name}") for name, volume in self._volumes.items()]

    async def open_claims(self, pod: dict, sandbox_id: str) -> None:
        """Let the pod's users write to its claims, as provisioners and fsGroup do. VolumeError."""
        group = _group(pod)
        for volume in pod["spec"].get("volumes") or ():
            if "persistentVolumeClaim" in volume:
                name = volume["name"]
                words = (f"{_IN_SANDBOX}/{name}", "" if group is None else str(group))
                if said := await self._failure(sandbox_id, _SHARE, *words):
                    step = "" if group is None else f"applyFSGroup failed for vol {self._volumes[name]}: "
                    raise _not_set_up(name, f"{step}{said}")

    async def _failure(self, sandbox_id: str, script: str, *words: str) -> str:
        """Run a shell script in the sandbox; "" if it succeeds, otherwise its last line."""
        code, output = await self._engine.execute(sandbox_id, ["sh", "-c", script, "sh", *words])
        lines = output.decode(errors="replace").strip().splitlines()
        return (lines[-1] if lines else f"exit code {code}") if code else ""

    def refresh(self, pod: dict, sources: VolumeSources) -> None:
        """Bring files from ConfigMaps, Secrets and the pod's own fields up to date; missing sources wait."""
        for volume in pod["spec"].get("volumes") or ():
            if any(kind in volume for kind in payload.KINDS):
                try:
                    files = payload.files(pod, volume, sources)
                except VolumeError:
                    continue
                writer.write(self._directory / volume["name"], files, _group(pod))

    async def mounts(self, pod: dict, container: dict, environment: dict, sandbox_id: str) -> list[dict]:
        """Docker's mount objects for a container's volumeMounts."""
        volumes = {volume["name"]: volume for volume in pod["spec"].get("volumes") or ()}
        mounts = []
        for mount in container.get("volumeMounts") or ():
            below = mount.get("subPath") or expand(mount.get("subPathExpr", ""), environment)
            read_only = mount.get("readOnly", False)
            if any(kind in volumes[mount["name"]] for kind in (*payload.KINDS, "csi")):
                read_only = True
            source = await self._source(mount["name"], below, container["name"], sandbox_id)
            mounts.append(source | {"Target": mount["mountPath"], "ReadOnly": read_only})
        return mounts

    async def _source(self, name: str, below: str, container: str, sandbox_id: str) -> dict:
        if ".." in below.split("/"):
            raise VolumeError(f'subPath "{below}" must not contain ".."')
        if below and (said := await self._make_folder(name, below, sandbox_id)):
            log.warning("volume %s, %s: %s", name, below, said)  # kubelet keeps the details from the user
            where = f'volumeMount "{name}" of container "{container}"'
            raise VolumeError(f"failed to create subPath directory for {where}")
        if name not in self._volumes:
            return {"Type": "bind", "Source": os.path.realpath(self._directory / name / below)}
        if not below:
            return {"Type": "volume", "Source": self._volumes[name], "VolumeOptions": {"NoCopy": True}}
        root = await self._engine.volume_path(self._volumes[name])
        return {"Type": "bind", "Source": f"{root}/{below}"}

    async def _make_folder(self, name: str, below: str, sandbox_id: str) -> str:
        """Make a folder in a volume, unless something is there; "" or why that failed."""
        if name in self._volumes:
            return await self._failure(sandbox_id, _MAKE, f"{_IN_SANDBOX}/{name}/{below}")
        path = self._directory / name / below
        try:
            if not path.exists():
                path.mkdir(parents=True)
                path.chmod(_OPEN_TO_ALL)
        except OSError as error:
            return str(error)
        return ""

    async def remove(self, pod_uid: str, pod: dict) -> None:
        """Remove the pod's directory and its volumes in memory; claims stay."""
        for volume in pod["spec"].get("volumes") or ():
            if (volume.get("emptyDir") or {}).get("medium") == "Memory":
                name = naming.volume_name(self._rehearsal_id, pod_uid, volume["name"])
                await self._engine.remove_volume(name)
        await remove_tree(self._directory.parent)


def _not_set_up(volume: str, why: str) -> VolumeError:
    return VolumeError(f'MountVolume.SetUp failed for volume "{volume}" : {why}')


def _group(pod: dict) -> int | None:
    return (pod["spec"].get("securityContext") or {}).get("fsGroup")


def _memory(volume: str, rehearsal_id: str, source: dict, group: int | None) -> dict:
    options = ["mode=0777"] if group is None else ["mode=2777", f"gid={group}"]
    if limit := source.get("sizeLimit"):
        options.append(f"size={ceil(quantity.parse(limit))}")
    driver = {"type": "tmpfs", "device": "tmpfs", "o": ",".join(options)}
    return {"Name": volume, "Labels": {naming.REHEARSAL: rehearsal_id}, "DriverOpts": driver}


def _volume_mount(volume: str, target: str) -> dict:
    options = {"NoCopy": True}
    return {
        "Type": "volume", "Source": volume, "Target": target, "ReadOnly": False, "VolumeOptions": options
    }  # fmt: skip
