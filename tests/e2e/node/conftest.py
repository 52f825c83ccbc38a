"""A registry with one image, and a node on the Docker engine, for all tests of the node."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.node.bench import Bench, docker, get, until
from tests.e2e.standin import configuration, helper_image, need_engine
from tests.ports import free_ports
from tests.programs import need

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.engine)


@pytest.fixture(scope="package")
def node_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """HOST:PORT of a registry of the tests' own."""
    need("docker-registry")
    need_engine()
    folder, (port,) = tmp_path_factory.mktemp("registry"), free_ports(1)
    settings = folder / "config.yml"
    storage = {"filesystem": {"rootdirectory": str(folder)}}
    settings.write_text(
        json.dumps({"version": 0.1, "storage": storage, "http": {"addr": f"127.0.0.1:{port}"}})
    )
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(["docker-registry", "serve", settings], stdout=log, stderr=log)
    try:
        until(lambda: _answers(port))
        yield f"localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return get(port, "/v2/")[0] == 200
    except OSError:
        return False


@pytest.fixture(scope="package")
def helper(node_registry: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(helper_image(configuration(tmp_path_factory.mktemp("helper"), node_registry)))


@pytest.fixture(scope="package")
def image(node_registry: str, helper: str) -> Iterator[str]:
    """A pushed image with Python 3."""
    name = f"{node_registry}/node-test:v1"
    docker("tag", helper, name)
    docker("push", "--quiet", name)
    yield name
    docker("rmi", "--no-prune", name)


@pytest.fixture(scope="package")
def bench(tmp_path_factory: pytest.TempPathFactory, node_registry: str, helper: str) -> Iterator[Bench]:
    # A long path with a space: neither sockets nor mounts may mind.
    state = tmp_path_factory.mktemp(f"state with spaces {'x' * 60}")
    bench = Bench(state, node_registry, helper)
    bench.start()
    try:
        yield bench
    finally:
        bench.stop()
        bench.remove()


@pytest.fixture(scope="package")
def web(image: str) -> dict:
    """The test web server as a container."""
    source = (HERE / "web.py").read_text()
    return {
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["python3", "-c", source],
        "ports": [{"name": "http", "containerPort": 8080}],
    }


@pytest.fixture(scope="package")
def shell(image: str):
    """shell(script, **fields): a container that runs a shell script."""

    def container(script: str, **fields) -> dict:
        return {"image": image, "imagePullPolicy": "IfNotPresent", "command": ["sh", "-c", script], **fields}

    return container
