"""The registry as a container, as it runs where Debian's program is not installed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from aks_flow.core.command import command
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.standins import stack
from aks_flow.rehearsal.standins.docker import registry
from aks_flow.rehearsal.standins.identity import LABEL, identity
from tests.e2e.standin import configuration, helper_image
from tests.programs import need


@pytest.fixture
def config(cluster, tmp_path: Path) -> Iterator[Config]:
    need("docker-registry")
    if not cluster.standin:
        pytest.skip("the registry's program is put into a container of the rehearsal's helper image")
    config = configuration(tmp_path)
    try:
        start(config, str(helper_image(configuration(tmp_path / "helper", cluster.registry))))
        yield config
    finally:
        stack.down(Local(), config, Steps(Silent()))


def start(config: Config, image: str) -> None:
    """The official image cannot be had everywhere: the same program, under the name and label of its."""
    config.state.mkdir()
    settings = registry.settings({"addr": ":5000"}, Path("/data"))
    serve = registry.serve(config.state / "registry.yml", settings)
    Local().run(
        command(
            *("docker", "run", "--detach", "--name", f"aks-flow-{identity(config)}-registry"),
            *("--label", f"{LABEL}={identity(config)}"),
            *("--publish", f"127.0.0.1:{config.registry_port}:5000"),
            *("--volume", f"{shutil.which('docker-registry')}:/registry:ro"),
            *("--volume", f"{serve.argv[-1]}:/registry.yml:ro"),
            *("--entrypoint", "/registry", image, "serve", "/registry.yml"),
        )
    )


def test_a_registry_in_a_container_is_found_shown_and_removed(config):
    registry.ensure(Local(), config)
    name = f"aks-flow-{identity(config)}-registry"
    (part,) = (each for each in stack.status(Local(), config) if each.name == "registry")
    assert part.state == f"running ({name})"
    assert part.address == f"localhost:{config.registry_port}"
    stack.down(Local(), config, Steps(Silent()))
    assert not registry.is_running(Local(), config)
    (part,) = (each for each in stack.status(Local(), config) if each.name == "registry")
    assert part.state == "not running"
