"""What the doctor is told about the rehearsal's stand-ins."""

import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from aks_flow.core.command import Result, command
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.process import processes
from aks_flow.rehearsal.standins.programs.machine import Machine
from aks_flow.rehearsal.tasks import doctor, needs
from tests.ports import free_ports

DEBIAN = {"PRETTY_NAME": "Debian 13", "ID": "debian", "VERSION_CODENAME": "trixie"}


class Engine:
    """An engine that answers, and runs no registry."""

    def run(self, command):
        return Result(0, b"", b"")


@pytest.fixture
def config(config):
    """On ports that nothing listens on."""
    registry, api, azure = free_ports(3)
    target = replace(config.targets["rehearsal"], registry=f"localhost:{registry}")
    ports = replace(config.rehearsal, api_port=api, azure_port=azure)
    return replace(config, targets={"rehearsal": target}, rehearsal=ports)


def on(monkeypatch, *programs: str, is_root: bool, facts: dict | None = None) -> None:
    here = Machine(DEBIAN if facts is None else facts, is_root, programs.__contains__, Path("/nowhere"))
    monkeypatch.setattr(needs.machine, "here", lambda: here)


def test_another_target_has_no_stand_ins(config):
    assert doctor.stand_ins(Engine(), replace(config, target="cluster")) is None


def test_a_port_is_free_a_stand_ins_or_taken(config):
    process = processes.cluster(config)
    process.folder.mkdir(parents=True)
    process.start(Local(), command("sleep", 60), config.rehearsal.api_port)
    with socket.create_server(("127.0.0.1", config.rehearsal.azure_port)):
        ports = doctor.stand_ins(Engine(), config).ports
    process.stop()
    assert {port.key: port.state for port in ports} == {
        "targets.rehearsal.registry": "free",
        "rehearsal.api_port": "ours",
        "rehearsal.azure_port": "taken",
    }


@pytest.mark.parametrize(
    ("is_root", "facts", "brings"),
    [
        (True, DEBIAN, {"docker": "./inv rehearsal.up", "mmdebstrap": "./inv rehearsal.up"}),
        (False, DEBIAN, {"docker": "sudo apt-get update && sudo apt-get install docker-cli docker-buildx"}),
        (False, {"ID": "arch"}, {"docker": "install the Docker client"}),
    ],
)
def test_what_brings_a_program_depends_on_who_asks_and_where(monkeypatch, config, is_root, facts, brings):
    on(monkeypatch, "apt-get", "docker-registry", "dockerd", is_root=is_root, facts=facts)
    assert {lack.name: lack.brings for lack in doctor.stand_ins(Engine(), config).lacking} == brings


PROGRAM = """
import sys
sys.modules |= dict.fromkeys({development})
from pathlib import Path
import yaml
from aks_flow.cli import doctor
from aks_flow.core.config.load import load
from aks_flow.rehearsal.tasks.doctor import stand_ins
print(stand_ins(None, load(yaml.safe_load(Path("../invoke.yaml").read_text()), Path("/nowhere"))))
"""
DEVELOPMENT = ("aiohttp", "aiodocker", "jsonpatch", "psutil")


def test_without_the_packages_of_development_the_doctor_says_just_that():
    scripts = Path(needs.__file__).resolve().parents[3]
    program = PROGRAM.format(development=DEVELOPMENT)
    ran = subprocess.run([sys.executable, "-c", program], cwd=scripts, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "the rehearsal's Python packages" in ran.stdout and "./inv rehearsal.up" in ran.stdout
