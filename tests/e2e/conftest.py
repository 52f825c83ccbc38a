"""A cluster and a registry for every end-to-end test.

AKSFLOW_E2E_KUBECONFIG and AKSFLOW_E2E_REGISTRY name a standard cluster and its registry; without them a
rehearsal cluster is started for the session.
"""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.demo import Demo
from tests.e2e.kubectl import Kubectl
from tests.e2e.project import Project, clone
from tests.e2e.standin import StandIn, configuration, helper_image, need_engine
from tests.ports import free_ports

KUBECONFIG = "AKSFLOW_E2E_KUBECONFIG"
REGISTRY = "AKSFLOW_E2E_REGISTRY"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Cluster:
    """The cluster under test; ``standin`` is None unless it is the rehearsal's."""

    kubectl: Kubectl
    registry: str
    standin: StandIn | None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE) and "cluster" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.engine)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what a run that was ended has left: its processes are given ten seconds to do so themselves."""
    if not hasattr(config, "workerinput"):
        remove_left(config._tmp_path_factory.getbasetemp())


def remove_left(folder: Path) -> None:
    """The stand-ins of all projects in the folders of a run's processes."""
    for depth in ("*", "*/*", "*/*/*"):
        for state in folder.glob(f"{depth}/.rehearsal"):
            StandIn(configuration(state.parent)).remove()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    need_engine()
    folder = tmp_path_factory.mktemp("cluster")
    given = [os.environ.get(name, "") for name in (KUBECONFIG, REGISTRY)]
    if all(given):
        yield Cluster(Kubectl(Path(given[0]), folder / "cache"), given[1], standin=None)
    elif any(given):
        pytest.fail(f"{KUBECONFIG} and {REGISTRY} belong together: set both or neither")
    else:
        yield from started(folder)


def started(folder: Path) -> Iterator[Cluster]:
    standin = StandIn(configuration(folder))
    try:
        standin.start()
        registry = standin.config.destination.registry
        yield Cluster(Kubectl(standin.kubeconfig, folder / "cache"), registry, standin)
    finally:
        standin.remove()


@pytest.fixture(scope="module")
def rehearsal(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A fresh clone in a path with a space, with stand-ins of its own beside those of the session.

    Gone with its module: its pods would go on being probed, which costs the tests after it.

    Its workflows run the repository's unit tests: all but a few are taken out of this clone.
    """
    if cluster.standin is None:
        pytest.skip("the rehearsal brings a cluster of its own; this run is against a given one")
    api, registry, azure = free_ports(3)
    settings = {
        "INVOKE_REHEARSAL_API_PORT": str(api),
        "INVOKE_REHEARSAL_AZURE_PORT": str(azure),
        "INVOKE_TARGETS_REHEARSAL_REGISTRY": f"localhost:{registry}",
    }
    made = clone(tmp_path_factory.mktemp("fresh") / "a clone", settings)
    names = ("__init__.py", "conftest.py", "planned.py", "rendering.py", "server_time.py", "stateful_pods.py")
    repositories = (f"gitflow/{name}.py" for name in ("__init__", "conftest", "repository"))
    kept = [f":!tests/unit/{name}" for name in (*names, *repositories, "gitops")]
    made.git("rm", "-r", "--quiet", "--", "tests/unit", *kept)
    made.git("commit", "--quiet", "-m", "test: keep a few tests")
    yield made
    made.inv("rehearsal.down")


@pytest.fixture(scope="session")
def kubectl(cluster: Cluster) -> Kubectl:
    return cluster.kubectl


@pytest.fixture(scope="session")
def demo(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo web server's images in the registry under test."""
    settings = configuration(tmp_path_factory.mktemp("images"), cluster.registry)
    images = Demo(cluster.registry)
    images.publish(helper_image(settings))
    yield images
    images.forget()


@pytest.fixture
def namespace(kubectl: Kubectl) -> Iterator[str]:
    """A namespace of the test's own."""
    name = f"e2e-{uuid.uuid4().hex[:8]}"
    kubectl.ok("create", "namespace", name)
    yield name
    kubectl.ok("delete", "namespace", name, "--wait=false")
