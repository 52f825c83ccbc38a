"""When the Secrets Store driver makes a Secret: some time after the mount, so that who refers to it waits."""

import asyncio
import base64

import pytest

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes import secrets_store
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.pod_volumes import PodVolumes

STORED, TURNS = "dev--redis-auth--password", 100
VOLUME = {"name": "vault", "csi": {"driver": secrets_store.DRIVER}}
POD = {"metadata": {"name": "front", "namespace": "default"}, "spec": {"volumes": [VOLUME]}}
ENTRY = {"secretName": "redis-auth", "type": "Opaque", "data": [{"objectName": STORED, "key": "password"}]}
PROVIDER = {"metadata": {"name": "redis-auth"}, "spec": {"secretObjects": [ENTRY]}}


@pytest.fixture
def volumes(objects, tmp_path, monkeypatch) -> PodVolumes:
    """Those of a pod, on a node whose vault has a secret."""
    monkeypatch.setattr(secrets_store, "provider_class", lambda *about: PROVIDER)
    monkeypatch.setattr(secrets_store, "read", lambda *about: {STORED: b"word"})
    return PodVolumes(None, objects, "id", tmp_path / "pod", tmp_path)


def test_the_files_are_there_with_the_mount_and_the_secret_comes_after_it(
    objects, volumes, tmp_path, monkeypatch
):
    waited, sleep = [], asyncio.sleep

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        await sleep(0)

    async def play() -> bool:
        """Whether the Secret was there with the mount; until it is there, or some turns have passed."""
        monkeypatch.setattr(asyncio, "sleep", wait)
        await volumes.prepare(POD, None)
        at_once = objects.find(kinds.SECRET, "default", "redis-auth")
        for _ in range(TURNS):
            await sleep(0)
        return bool(at_once)

    assert not asyncio.run(play())
    assert waited == [secrets_store.LATER]
    assert (tmp_path / "pod" / "volumes" / "vault" / STORED).read_text() == "word"
    secret = objects.find(kinds.SECRET, "default", "redis-auth")
    assert base64.b64decode(secret["data"]["password"]) == b"word"
