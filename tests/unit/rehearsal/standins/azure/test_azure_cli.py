"""The Azure CLI's own environment: made once, whole or not at all."""

from pathlib import Path

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.rehearsal.standins.azure import azure_cli


class Installer:
    """uv, as far as the disk shows: `venv` makes the folder, `pip sync` the program unless it ``ends``."""

    def __init__(self, ends: BaseException | None = None):
        self.ends, self.ran = ends, []

    def run(self, command: Command) -> Result:
        self.ran.append(command.argv[1])
        if command.argv[1] == "venv":
            self.bin = Path(command.argv[-1]) / "bin"
            self.bin.mkdir(parents=True)
            (self.bin / "python").touch()
        elif self.ends:
            raise self.ends
        else:
            (self.bin / "az").touch()
        return Result(0, b"", b"")


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "aks-flow"


def test_the_first_need_installs_it_and_the_second_does_not():
    told, installer = [], Installer()
    first = azure_cli.ensure(installer, told.append)
    assert azure_cli.ensure(installer, told.append) == first
    assert installer.ran == ["venv", "pip"] and len(told) == 1
    assert first.is_file() and [file.name for file in first.parent.iterdir()] == ["az"]


@pytest.mark.parametrize("end", [KeyboardInterrupt(), SystemExit()])
def test_an_interrupted_installation_counts_for_nothing_and_is_cleared_away(cache, end):
    with pytest.raises(type(end)):
        azure_cli.ensure(Installer(end), lambda text: None)
    assert not azure_cli.folder().exists()
    azure_cli.ensure(Installer(), lambda text: None)
    assert sorted(file.name for file in cache.iterdir()) == sorted(
        ["azure-cli.lock", azure_cli.folder().name]
    )


def test_a_failed_installation_says_why_and_what_helps():
    failure = CommandFailed(Command(("uv",)), Result(2, b"", b"no route to the index"))
    with pytest.raises(AksFlowError, match="no route to the index") as caught:
        azure_cli.ensure(Installer(failure), lambda text: None)
    assert "network" in caught.value.next_step and not azure_cli.folder().exists()


def test_a_python_that_is_gone_makes_it_anew():
    program = azure_cli.ensure(Installer(), lambda text: None)
    (program.parents[1] / "bin" / "python").unlink()
    installer = Installer()
    azure_cli.ensure(installer, lambda text: None)
    assert installer.ran == ["venv", "pip"]


def test_the_lock_pins_every_package_by_its_hash():
    lines = azure_cli.LOCK.read_text().splitlines()
    names = [line for line in lines if line and not line.startswith(" ")]
    assert azure_cli.version() and len(names) > 100
    assert all("==" in name and name.endswith("\\") for name in names)
