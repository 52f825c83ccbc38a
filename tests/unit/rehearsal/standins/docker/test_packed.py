"""The engine packs an image once: the same again, here or in another registry of the machine, is copied."""

import json
import shutil
from dataclasses import replace

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.image_ref import ImageRef
from aks_flow.rehearsal.standins.docker import base_images, helper, packed
from aks_flow.target.registry import RegistryClient
from tests.unit.rehearsal.standins.docker.test_base_images import DATABASE, Offline
from tests.unit.target.registry_server import StrictRegistry

ORIGINAL = ImageRef.parse("aks-flow/replacement-python:1")


class Engine(Offline):
    """It pushes one image to registries, and remembers where to; it pulls what a registry of them has."""

    def __init__(self, *registries: StrictRegistry):
        super().__init__()
        self.registries, self.pushed, self.remembered = {item.host: item for item in registries}, [], []
        self.pulled = []

    def run(self, command: Command) -> Result:
        if command.argv[:3] == ("docker", "image", "inspect") and "RepoDigests" in command.argv[3]:
            return Result(0, json.dumps(self.remembered).encode(), b"")
        if command.argv[:2] == ("docker", "push"):
            self._push(ImageRef.parse(command.argv[-1]))
        name = ImageRef.parse(command.argv[-1]) if command.argv[:2] == ("docker", "pull") else None
        if name and name.registry in self.registries:
            self.pulled.append(name)
            return Result(0, b"", b"")
        return super().run(command)

    def _push(self, name: ImageRef) -> None:
        digest = self.registries[name.registry].add_image(name.repository, "linux", name.tag)["digest"]
        self.pushed.append(name)
        self.remembered.append(f"{name.name}@{digest}")


@pytest.fixture
def here():
    with StrictRegistry().serving() as registry:
        yield registry


@pytest.fixture
def other():
    with StrictRegistry().serving() as registry:
        yield registry


def name_in(registry: StrictRegistry, repository: str) -> ImageRef:
    return ImageRef(registry.host, repository, "3.11")


def test_a_second_name_in_the_registry_is_no_second_push(here):
    engine, names = Engine(here), [name_in(here, "python"), name_in(here, "helper")]
    packed.store(engine, RegistryClient(here.host), ORIGINAL, names)
    assert (engine.pushed, engine.pulled) == (names[:1], names[1:])
    assert here.repositories["helper"] == here.repositories["python"]


def test_another_registry_of_this_machine_hands_it_over(here, other):
    engine = Engine(here, other)
    packed.store(engine, RegistryClient(other.host), ORIGINAL, [name_in(other, "python")])
    packed.store(engine, RegistryClient(here.host), ORIGINAL, [name_in(here, "python")])
    assert (engine.pushed, engine.pulled) == ([name_in(other, "python")], [name_in(here, "python")])
    assert here.repositories["python"] == other.repositories["python"]


def emptied(registry: StrictRegistry) -> None:
    registry.repositories.clear()


def damaged(registry: StrictRegistry) -> None:
    registry.damaged = dict.fromkeys(registry.repositories["python"].blobs, b"x")


@pytest.mark.parametrize("lose", [emptied, damaged])
def test_what_another_registry_has_lost_the_engine_packs(here, other, lose):
    engine = Engine(here, other)
    packed.store(engine, RegistryClient(other.host), ORIGINAL, [name_in(other, "python")])
    lose(other)
    packed.store(engine, RegistryClient(here.host), ORIGINAL, [name_in(here, "python")])
    assert engine.pushed[1:] == [name_in(here, "python")]


def test_a_registry_that_has_stopped_is_passed_over(here):
    engine = Engine(here)
    engine.remembered = [f"localhost:1/python@sha256:{'a' * 64}"]
    packed.store(engine, RegistryClient(here.host), ORIGINAL, [name_in(here, "python")])
    assert engine.pushed == [name_in(here, "python")]


def test_registries_elsewhere_are_not_asked(here):
    engine = Engine(here)
    engine.remembered = [f"registry.example.com/python@sha256:{'a' * 64}", f"python@sha256:{'a' * 64}"]
    packed.store(engine, RegistryClient(here.host), ORIGINAL, [name_in(here, "python")])
    assert engine.pushed == [name_in(here, "python")]


def test_what_the_project_and_the_helper_share_is_made_and_pushed_once(config, here, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name, **_: f"/usr/bin/{name}")
    engine = Engine(here)
    config = replace(config, images={"python": helper.IMAGE})
    destination = replace(config.destination, registry=here.host)
    config = replace(config, targets={**config.targets, config.target: destination})
    helper.ensure(engine, RegistryClient(here.host), config, lambda told: None)
    assert (engine.count("mmdebstrap"), len(engine.pushed)) == (1, 1)
    assert set(here.repositories) == {base_images.copies(config).popitem()[0].repository, "aks-flow-helper"}


def test_what_a_registry_has_for_a_project_a_rehearsal_s_own_path_gets_without_the_engine(config, here):
    def at(registry: str):
        destination = replace(config.destination, registry=registry)
        images = {"python": helper.IMAGE, "database": DATABASE}
        return replace(config, images=images, targets={**config.targets, config.target: destination})

    of, own = at(f"{here.host}/team"), at(f"{here.host}/team/rehearse-1")
    copy, _ = base_images.copies(of)
    name, lacking = base_images.copies(own)
    here.add_image(copy.repository, "linux", copy.tag)
    registry = RegistryClient(here.host)
    for _ in range(2):
        base_images.share(registry, of, own)
    assert registry.digest(name) == registry.digest(copy)
    assert registry.digest(lacking) is None
