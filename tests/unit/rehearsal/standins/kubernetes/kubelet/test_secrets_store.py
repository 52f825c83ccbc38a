"""When the Secrets Store driver makes a Secret: some time after the mount, so that who refers to it waits."""

import asyncio
import base64

import pytest

from aks_flow.rehearsal.standins.kubernetes.controllers.garbage.decide import Owner, fate
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes import secrets_store
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.pod_volumes import PodVolumes

STORED, TURNS = "dev--redis-auth--password", 100
VOLUME = {"name": "vault", "csi": {"driver": secrets_store.DRIVER}}
POD = {
    "metadata": {"name": "front", "namespace": "default"},
    "spec": {"containers": [{"name": "front", "image": "registry/front:1"}], "volumes": [VOLUME]},
}
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
        await volumes.prepare(objects.create(kinds.POD, POD), None)
        at_once = objects.find(kinds.SECRET, "default", "redis-auth")
        for _ in range(TURNS):
            await sleep(0)
        return bool(at_once)

    assert not asyncio.run(play())
    assert waited == [secrets_store.LATER]
    assert (tmp_path / "pod" / "volumes" / "vault" / STORED).read_text() == "word"
    secret = objects.find(kinds.SECRET, "default", "redis-auth")
    assert base64.b64decode(secret["data"]["password"]) == b"word"


def synchronised(objects, name: str, value: bytes) -> dict:
    """A new pod that has mounted the vault while it had this value."""
    pod = objects.create(kinds.POD, {**POD, "metadata": {"name": name, "namespace": "default"}})
    secrets_store.synchronise(objects, pod, PROVIDER, {STORED: value})
    return pod


def test_a_secret_that_is_there_keeps_what_it_has_and_goes_with_the_last_pod_that_mounts_it(objects):
    pods = [synchronised(objects, "front", b"old"), synchronised(objects, "redis", b"new")]
    secret = objects.find(kinds.SECRET, "default", "redis-auth")
    assert base64.b64decode(secret["data"]["password"]) == b"old"
    owners = secret["metadata"]["ownerReferences"]
    assert [owner["uid"] for owner in owners] == [pod["metadata"]["uid"] for pod in pods]
    gone = {owner["uid"]: Owner.ABSENT for owner in owners}
    assert fate(secret, gone, has_dependents=False).delete
    assert not fate(secret, gone | {owners[1]["uid"]: Owner.PRESENT}, has_dependents=False).delete


def test_a_pod_that_has_gone_meanwhile_gets_no_secret(objects):
    gone = {"name": "front", "namespace": "default", "uid": "u"}
    secrets_store.synchronise(objects, {"metadata": gone}, PROVIDER, {STORED: b"word"})
    assert objects.find(kinds.SECRET, "default", "redis-auth") is None
