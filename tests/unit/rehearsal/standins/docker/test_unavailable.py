"""What can neither be fetched nor made is one sentence; nothing is installed on the way."""

import shutil
import socket
from dataclasses import replace

import pytest

from aks_flow.core.command import Result
from aks_flow.core.config.load import load
from aks_flow.core.config.sections import ThirdPartyImage
from aks_flow.core.image_ref import ImageRef
from aks_flow.image.names import copy_of
from aks_flow.rehearsal.standins.docker import base_images, registry
from aks_flow.rehearsal.standins.docker.errors import Unavailable
from aks_flow.tools import docker
from tests.unit.planned import Planned

NO_HOST = b"Error response from daemon: dial tcp: lookup registry-1.docker.io: no such host.\n"
MORE = b"\nRun 'docker run --help' for more information\n"  # docker 28; 20.10: See 'docker run --help'.


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name, **_: "/usr/bin/docker" if name == "docker" else None)


class Nothing(Planned):
    """An engine without images that cannot pull; what is planned beyond that is nothing."""

    def run(self, command):
        self.ran.append(command)
        if command.argv[:2] in (("docker", "image"), ("docker", "container")):
            return Result(1, b"", b"no such thing")
        assert command.argv[1] in ("start", "rm", "pull", "run"), f"unplanned command: {command}"
        self.answers[str(command)] = Result(1, b"", NO_HOST + (MORE if command.argv[1] == "run" else b""))
        return super().run(command)


class Empty:
    @staticmethod
    def digest(image) -> None:
        """A registry that has nothing."""


def test_a_base_image_that_can_neither_be_pulled_nor_made(config):
    run = Nothing({})
    with pytest.raises(Unavailable) as caught:
        base_images.ensure(run, Empty(), config, lambda told: None)
    image = config.images["python"].source
    other = config.images["redis"].source
    assert str(caught.value) in (
        f"{source} cannot be pulled, nor made of packages: mmdebstrap is not installed. "
        "Install it, or see to it that the engine can pull; then run the same command again."
        for source in (image, other)
    )
    assert {command.argv[0] for command in run.ran} == {"docker"}


def test_an_image_without_packages_is_not_replaced_by_an_empty_one(config):
    """A system without the program that the image is there for would only fail later."""
    node = ThirdPartyImage(ImageRef.parse("node:22-slim"))
    with pytest.raises(Unavailable) as caught:
        base_images.ensure(Nothing({}), Empty(), replace(config, images={"node": node}), lambda told: None)
    assert str(caught.value) == (
        "images: node:22-slim cannot be pulled, and no Debian packages are named that could replace it. "
        "Name its `packages`, or see to it that the engine can pull; then run the same command again."
    )


def test_an_image_that_the_engine_has_needs_no_program(config):
    image = config.images["python"]
    official = image.source
    copy = copy_of(config, image.source)
    run = Planned({str(docker.image_id(official)): "sha256:1", str(docker.tag(official, copy)): ""})
    run.answers |= {str(docker.digests(official)): "[]", str(docker.push(copy)): ""}
    base_images.ensure(run, Empty(), replace(config, images={"python": image}), pytest.fail)


def test_a_registry_without_its_program_and_without_its_image(settings, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings["targets"]["rehearsal"]["registry"] = f"localhost:{free.getsockname()[1]}"
    config = load(settings, tmp_path)
    with pytest.raises(Unavailable) as caught:
        registry.ensure(Nothing({}), config)
    assert str(caught.value) == (
        "docker-registry is not installed, and its official image registry:2 does not run: "
        "Error response from daemon: dial tcp: lookup registry-1.docker.io: no such host. "
        "Install the program, or see to it that the engine can pull; then run the same command again."
    )
