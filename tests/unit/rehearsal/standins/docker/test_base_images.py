"""Images where none can be pulled: made once of packages, and said to lack what packages do not bring."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.config.sections import ThirdPartyImage
from aks_flow.core.image_ref import ImageRef
from aks_flow.rehearsal.standins.docker import base_images, helper, replacement

DATABASE = ThirdPartyImage(ImageRef.parse("registry.example.com/postgres:16"), ("postgresql", "libpq5"))
VERSIONS = "postgresql 15+248\nlibpq5 15.9-0+deb12u1\n"


class Offline:
    """An engine that can build and hold images, and pull none."""

    def __init__(self):
        self.images, self.ran = set(), []

    def run(self, command: Command) -> Result:
        self.ran.append(command.argv)
        match command.argv[:2]:
            case ("docker", "image"):
                return Result(0 if command.argv[-1] in self.images else 1, b"", b"")
            case ("docker", "pull"):
                raise base_images.CommandFailed(command, Result(1, b"", b"no such host\n"))
            case ("docker", "import"):
                self.images.add(command.argv[-1])
        return Result(0, VERSIONS.encode() if "dpkg-query" in command.argv else b"", b"")

    def count(self, *words: str) -> int:
        return sum(argv[: len(words)] == words for argv in self.ran)


class Empty:
    @staticmethod
    def digest(image) -> None:
        """A registry that has nothing."""


@pytest.fixture(autouse=True)
def program(monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(shutil, "which", lambda name, **_: f"/usr/bin/{name}")


def test_a_replacement_says_its_packages_versions_and_what_the_original_has_more(config):
    told = []
    base_images.ensure(Offline(), Empty(), replace(config, images={"database": DATABASE}), told.append)
    assert told[-1] == (
        "registry.example.com/postgres:16: a replacement made of Debian bookworm's postgresql 15+248, "
        "libpq5 15.9-0+deb12u1; it has none of the original's entry point, default command, user, variables, "
        "ports and own files"
    )


def test_the_cluster_s_helper_needs_no_image_of_the_project(config):
    run = Offline()
    helper.ensure(run, Empty(), replace(config, images={}), lambda told: None)
    assert [argv[-1] for argv in run.ran if argv[:2] == ("docker", "push")] == [str(helper.copy(config))]


def test_a_copy_that_the_registry_holds_is_left_as_it_is(config):
    class Full:
        @staticmethod
        def digest(image) -> str:
            return "sha256:1"

    run = Offline()
    helper.ensure(run, Full(), config, pytest.fail)
    assert run.ran == []


def test_a_copy_is_pushed_while_the_next_original_is_made(config):
    is_pushed = threading.Event()

    class Slow(Offline):
        def run(self, command: Command) -> Result:
            if command.argv[0] == "mmdebstrap" and "--include=postgresql,libpq5" in command.argv:
                assert is_pushed.wait(10)
            answer = super().run(command)
            if command.argv[:2] == ("docker", "push"):
                is_pushed.set()
            return answer

    base_images.ensure(Slow(), Empty(), replace(config, images={"a": DATABASE, "b": helper.IMAGE}), print)


def test_copies_are_pushed_at_once(config):
    meeting = threading.Barrier(2, timeout=60)

    class Slow(Offline):
        def run(self, command: Command) -> Result:
            if command.argv[:2] == ("docker", "push"):
                meeting.wait()  # for the other one
            return super().run(command)

    run = Slow()
    base_images.ensure(run, Empty(), replace(config, images={"a": DATABASE, "b": helper.IMAGE}), print)
    assert run.count("docker", "push") == 2


def test_python_s_replacement_has_what_builds_upon_python_rely_on(config):
    python, plain = (
        replace(helper.IMAGE, source=ImageRef.parse(name)) for name in ("python:3.12", "debian:12")
    )
    run = Offline()
    base_images.ensure(run, Empty(), replace(config, images={"a": python, "b": plain}), print)
    made = [argv for argv in run.ran if argv[0] == "mmdebstrap"]
    with_python = [any("EXTERNALLY-MANAGED" in word for word in argv) for argv in made]
    assert sorted(with_python) == [False, True]  # a Debian image refuses pip, as Debian does


@pytest.mark.parametrize("has_hook", [True, False])
def test_a_replacement_has_no_perl_where_mmdebstrap_can_leave_it_out(config, monkeypatch, tmp_path, has_hook):
    hook = tmp_path if has_hook else tmp_path / "of a later version"
    monkeypatch.setattr(replacement, "_MERGED_USR", str(hook))
    run = Offline()
    base_images.ensure(run, Empty(), replace(config, images={"database": DATABASE}), print)
    (made,) = [argv for argv in run.ran if argv[0] == "mmdebstrap"]
    assert (f"--hook-dir={hook}" in made) == has_hook
