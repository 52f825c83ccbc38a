"""The same with the real apt and dpkg, in a root of their own and with a mirror on loopback."""

import fcntl
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.programs import install, table
from aks_flow.rehearsal.standins.programs.bring import bring
from aks_flow.rehearsal.standins.programs.machine import Machine
from aks_flow.rehearsal.standins.programs.table import Program
from tests.unit.rehearsal.standins.programs.mirror import Root, archive, publish, served

FACTS = {"ID": "debian", "VERSION_CODENAME": "toy", "PRETTY_NAME": "Toy 1"}
TOOL = Program("aks-tool", "a test")
TAKEN = Program("aks-taken", "a test", taken=True)

pytestmark = pytest.mark.skipif(not shutil.which("apt-get"), reason="apt-get is Debian's and Ubuntu's")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="dpkg unpacks as root only")


@dataclass(frozen=True)
class World:
    root: Root
    www: Path
    own: Path
    told: list[str]

    def has(self, name: str) -> bool:
        return name == "apt-get" or any(
            (folder / name).is_file() for folder in (self.root.installed / "usr/bin", self.own)
        )

    def bring(self, *programs: Program) -> None:
        bring(Local(), programs, Machine(FACTS, True, self.has, self.own), self.hear)

    def hear(self, told: str) -> None:
        self.told.append(told)

    def refused(self, *programs: Program) -> str:
        with pytest.raises(AksFlowError) as caught:
            self.bring(*programs)
        told = str(caught.value)
        assert "\n" not in told
        return told


@pytest.fixture
def world(tmp_path, monkeypatch):
    names = ("aks-tool", "aks-taken")
    packages = {"debian": {"toy": {name: (name,) for name in (*names, "aks-unknown")}}}
    monkeypatch.setattr(table, "PACKAGES", packages)
    world = World(Root(tmp_path / "root"), tmp_path / "www", tmp_path / "own", [])
    variables = world.root.make()
    monkeypatch.setenv("APT_CONFIG", variables["APT_CONFIG"])
    monkeypatch.setenv("PATH", f"{variables['bin']}{os.pathsep}{os.environ['PATH']}{os.pathsep}/usr/sbin")
    world.www.mkdir()
    world.own.mkdir()
    publish(world.www, [archive(world.www, name) for name in names])
    with served(world.www) as mirror:
        world.root.use(mirror)
        yield world


@as_root
def test_one_is_installed_and_one_is_taken_out_of_its_package(world):
    world.bring(TOOL, TAKEN)
    assert world.has("aks-tool") and world.has("aks-taken")
    assert not (world.root.installed / "usr/bin/aks-taken").exists()
    assert os.access(world.own / "aks-taken", os.X_OK)
    assert [path.name for path in world.own.iterdir()] == ["aks-taken"]
    assert world.told == [
        "Toy 1: installs aks-tool; takes aks-taken out of its package, which would start a server; "
        "about 0 MB to download"
    ]


def test_a_program_is_taken_without_being_root(world):
    world.bring(TAKEN)
    assert world.has("aks-taken")


@pytest.mark.parametrize("lock", ["lists/lock", "archives/lock", "dpkg/lock-frontend", "dpkg/lock"])
def test_a_lock_is_waited_for_until_its_holder_lets_go(world, lock, monkeypatch):
    place, _, name = lock.partition("/")
    if place != "lists" and os.geteuid() != 0:
        pytest.skip("dpkg unpacks as root only")
    held = Holder(getattr(world.root, place) / name)
    monkeypatch.setattr(World, "hear", lambda world, told: (world.told.append(told), held.hear(told)))
    world.bring(TOOL if os.geteuid() == 0 else TAKEN)
    waited = [told for told in world.told if told.startswith("waiting")]
    assert len(waited) == 1
    # On a busy machine apt does not always say by whom it is held.
    assert f"process {os.getpid()} (" in waited[0] or "another program" in waited[0]


class Holder:
    """Holds a lock as apt does, until somebody says that they wait for it."""

    def __init__(self, lock: Path):
        self._file = lock.open("w")
        fcntl.lockf(self._file, fcntl.LOCK_EX)

    def hear(self, told: str) -> None:
        if told.startswith("waiting for apt's lock"):
            self._file.close()


def test_a_lock_that_stays_held_ends_the_run(world, monkeypatch):
    monkeypatch.setattr(install, "LOCKED_FOR", 0)
    held = Holder(world.root.lists / "lock")
    told = world.refused(TOOL)
    assert f"apt's lock is still held after 0 s, by process {os.getpid()} (" in told
    held.hear("waiting for apt's lock")
    world.bring(TAKEN)  # the next run goes on


@pytest.mark.parametrize("mirror", ["http://127.0.0.1:1", "http://mirror.invalid"])
def test_no_network(world, mirror):
    world.root.use(mirror)
    told = world.refused(TOOL)
    assert told.startswith("finding aks-tool failed: the package mirror cannot be reached (")
    assert "Is there a network" in told


def test_a_mirror_without_the_suite(world):
    shutil.rmtree(world.www / "dists")
    assert "does not have a Release file" in (told := world.refused(TOOL)) or "answers 404" in told


@as_root
def test_a_mirror_without_the_package_and_the_next_run_goes_on(world):
    away = (world.www / "aks-tool_1_all.deb").rename(world.www / "away")
    assert "installing aks-tool failed: the package mirror answers 404 (http" in world.refused(TOOL)
    away.rename(world.www / "aks-tool_1_all.deb")
    world.bring(TOOL)
    assert world.has("aks-tool")


def test_a_mirror_without_the_package_to_take(world):
    (world.www / "aks-taken_1_all.deb").unlink()
    assert "downloading aks-taken failed: the package mirror answers 404 (http" in world.refused(TAKEN)


def test_a_package_that_no_source_has(world):
    told = world.refused(Program("aks-unknown", "a test"))
    assert "there is no such package in apt's sources (aks-unknown)" in told


@as_root
@pytest.mark.parametrize("place", ["archives", "usr"])
def test_a_full_disk_and_the_next_run_goes_on(world, place):
    folder = world.root.archives if place == "archives" else world.root.installed / "usr"
    with small_disk(folder):
        (folder / "partial").mkdir()
        fill(folder / "filling")
        told = world.refused(TOOL)
        assert told.startswith("installing aks-tool failed: the disk is full")
        assert "Free some room" in told
    world.bring(TOOL)
    assert world.has("aks-tool")


class small_disk:  # noqa: N801
    def __init__(self, folder: Path):
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> None:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", self._folder]).returncode:
            pytest.skip("nothing can be mounted here")

    def __exit__(self, *error: object) -> None:
        subprocess.run(["umount", "--lazy", self._folder], check=True)


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filling:
        try:
            while filling.write(b"x" * 1024):
                pass
        except OSError:
            return


@as_root
def test_an_interrupted_installation_is_finished(world):
    (world.root.dpkg / "updates/0000").write_text("")  # where dpkg keeps what it has not written to the end
    world.bring(TOOL)
    assert world.has("aks-tool")
    assert any("was interrupted before" in told for told in world.told)
