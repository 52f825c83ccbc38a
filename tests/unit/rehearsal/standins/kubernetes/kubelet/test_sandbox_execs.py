"""What the node runs inside a pod's sandbox: a program that fails is said, and never taken for done."""

import ast
import asyncio
import inspect
from pathlib import Path
from types import SimpleNamespace

import pytest

from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.payload import VolumeError
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.pod_volumes import PodVolumes

NODE = Path(inspect.getfile(Engine)).parent
CONTAINER = {"name": "redis", "volumeMounts": [{"name": "data", "mountPath": "/data", "subPath": "deep/er"}]}
REFUSED = b"chgrp: changing group of '/aks-flow/volumes/data': Operation not permitted\n"


class FakeEngine:
    """An engine with volumes, whose programs end with one exit code and output."""

    def __init__(self, code: int, output: bytes):
        self.answer, self.ran = (code, output), []

    async def create_volume(self, config: dict) -> None: ...

    async def volume_path(self, name: str) -> str:
        return f"/volumes/{name}"

    async def execute(self, container_id: str, argv: list[str]) -> tuple[int, bytes]:
        self.ran.append(argv)
        return self.answer


def pod(**security) -> dict:
    claim = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    metadata = {"name": "redis", "namespace": "shop", "uid": "u"}
    return {"metadata": metadata, "spec": {"volumes": [claim], "securityContext": security}}


def volumes(engine: FakeEngine, directory: Path, of: dict) -> PodVolumes:
    objects = SimpleNamespace(find=lambda kind, namespace, name: {"metadata": {"uid": "c"}})
    pod_volumes = PodVolumes(engine, objects, "r", directory / "pod", directory)
    asyncio.run(pod_volumes.prepare(of, SimpleNamespace()))
    return pod_volumes


@pytest.mark.parametrize(
    ("security", "says"),
    [
        ({"fsGroup": 999}, "applyFSGroup failed for vol .*shop_data_c: chgrp: .* Operation not permitted"),
        ({}, "chgrp: .* Operation not permitted"),
    ],
)
def test_a_claim_that_cannot_be_opened_is_no_mounted_volume(tmp_path, security, says):
    of, engine = pod(**security), FakeEngine(1, REFUSED)
    with pytest.raises(VolumeError, match=f'^MountVolume.SetUp failed for volume "data" : {says}$'):
        asyncio.run(volumes(engine, tmp_path, of).open_claims(of, "sandbox"))


def test_a_program_that_fails_without_a_word_is_named_with_its_exit_code(tmp_path):
    with pytest.raises(VolumeError, match="exit code 137$"):
        asyncio.run(volumes(FakeEngine(137, b""), tmp_path, pod()).open_claims(pod(), "sandbox"))


def test_a_claim_that_is_open_is_a_mounted_volume(tmp_path):
    engine = FakeEngine(0, b"")
    asyncio.run(volumes(engine, tmp_path, pod(fsGroup=999)).open_claims(pod(fsGroup=999), "sandbox"))
    assert engine.ran[0][-2:] == ["/aks-flow/volumes/data", "999"]


@pytest.mark.parametrize("code", [1, 126, 137])
def test_a_folder_that_cannot_be_made_in_a_claim_is_no_mount(tmp_path, code):
    of = pod()
    with pytest.raises(
        VolumeError, match='^failed to create subPath directory for volumeMount "data" of .*"redis"$'
    ):
        asyncio.run(
            volumes(FakeEngine(code, b"mkdir: ..."), tmp_path, of).mounts(of, CONTAINER, {}, "sandbox")
        )


def test_a_folder_that_cannot_be_made_in_an_empty_directory_is_no_mount_either(tmp_path):
    of = pod()
    of["spec"]["volumes"] = [{"name": "data", "emptyDir": {}}]
    pod_volumes = volumes(FakeEngine(0, b""), tmp_path, of)
    (tmp_path / "pod" / "volumes" / "data" / "deep").write_text("a file")
    with pytest.raises(VolumeError, match="^failed to create subPath directory"):
        asyncio.run(pod_volumes.mounts(of, CONTAINER, {}, "sandbox"))


class Program:
    """An exec whose streams are closed a moment before the engine knows how it ended."""

    def __init__(self, *codes: int | None):
        self._codes = list(codes)

    def start(self):
        return self

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return None

    async def read_out(self):
        return None

    async def inspect(self) -> dict:
        code = self._codes.pop(0)
        return {"Running": code is None, "ExitCode": code}


@pytest.mark.parametrize("code", [0, 3])
def test_how_a_program_ended_is_waited_for(monkeypatch, code):
    async def program(*_, **__) -> Program:
        return Program(None, None, code)

    engine = Engine()
    monkeypatch.setattr(engine, "container", lambda _: SimpleNamespace(exec=program))
    assert asyncio.run(engine.execute("sandbox", ["true"])) == (code, b"")


def test_no_answer_of_a_program_is_thrown_away():
    """``await engine.execute(…)`` as a statement of its own would not see that the program failed."""
    thrown = [
        f"{file.relative_to(NODE)}:{node.lineno}"
        for file in NODE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Await)
        and isinstance(node.value.value, ast.Call)
        and getattr(node.value.value.func, "attr", "") in ("execute", "exit_code")
    ]
    assert thrown == []
