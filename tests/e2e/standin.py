"""A registry and a rehearsal cluster of the tests' own, on free ports, gone without a trace afterwards."""

import os
import re
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from aks_flow.core.command import command
from aks_flow.core.config import Config
from aks_flow.core.config.load import load
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Local
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.standins import stack
from aks_flow.rehearsal.standins.docker import engine, helper, registry
from aks_flow.rehearsal.standins.docker.errors import Unavailable
from aks_flow.target.registry import RegistryClient
from aks_flow.tools import docker
from tests.ports import free_ports
from tests.programs import need

REPOSITORY = Path(__file__).parents[2]
HELPER_IMAGE = "AKSFLOW_E2E_HELPER_IMAGE"


def configuration(root: Path, registry_host: str = "", every_image: bool = False) -> Config:
    """The project's configuration with its state under ``root`` and free ports.

    Without third-party images, unless ``every_image`` is asked for.
    """
    data = yaml.safe_load((REPOSITORY / "invoke.yaml").read_text())
    api_port, registry_port, azure_port, ingress_port = free_ports(4)
    data["rehearsal"] = {"api_port": api_port, "azure_port": azure_port, "ingress_port": ingress_port}
    host = registry_host or f"localhost:{registry_port}"
    data["target"] = "rehearsal" if re.fullmatch(r"localhost:\d+", host) else "cluster"
    data["targets"][data["target"]]["registry"] = host
    if not every_image:
        data["images"] = {}
    return load(data, root)


def helper_image(settings: Config) -> ImageRef:
    """An image with Python 3 in the engine: the one given in the environment, or the rehearsal's own."""
    copy = helper.copy(settings)
    given = os.environ.get(HELPER_IMAGE)
    if given:
        Local().run(docker.tag(ImageRef.parse(given), copy))
    else:
        provide_base_images(settings)
    return copy


def need_engine() -> None:
    """Skip unless a Docker engine answers."""
    need("docker")
    if not engine.answers(Local()):
        pytest.skip("no Docker engine answers: `./inv doctor` says what is missing")


def provide_base_images(settings: Config) -> None:
    """The helper's image and the configured ones in their registry; a skip where one cannot be had."""
    try:
        helper.ensure(Local(), RegistryClient(settings.destination.registry_host), settings, print)
    except Unavailable as error:
        pytest.skip(str(error))


def run_registry(settings: Config) -> None:
    """The rehearsal's registry; a skip where neither its program nor its image is to be had."""
    try:
        registry.ensure(Local(), settings)
    except Unavailable as error:
        pytest.skip(str(error))


@dataclass(frozen=True)
class StandIn:
    """The rehearsal cluster's process: started, killed, started again."""

    config: Config

    @property
    def kubeconfig(self) -> Path:
        return self.config.state / "kubeconfig"

    @property
    def id(self) -> str:
        return stack.identity(self.config)

    @property
    def log(self) -> str:
        return stack.cluster(self.config).log.read_text(errors="replace")

    def start(self) -> None:
        self.config.state.mkdir()
        run_registry(self.config)
        helper_image(self.config)
        stack.start_cluster(Local(), self.config)

    def kill(self) -> None:
        """End the process as `kill -9` does."""
        pid = stack.cluster(self.config).pid()
        os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):  # reaped already
            os.waitpid(pid, 0)

    def restart(self) -> None:
        stack.start_cluster(Local(), self.config)

    def containers(self, *filters: str) -> list[str]:
        """Ids of this rehearsal's containers."""
        labels = [f"--filter=label={label}" for label in (f"aks-flow.rehearsal={self.id}", *filters)]
        listing = command("docker", "ps", "--quiet", "--no-trunc", *labels, reads=True)
        return sorted(Local().run(listing).text.split())

    def remove(self) -> None:
        stack.down(Local(), self.config, Steps(Silent()))
