"""The app's image, built and run by the engine at hand."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator

import pytest

from tests.e2e.image_builds import OLD, Builds, checkout, docker, inspect, layers
from tests.e2e.standin import StandIn, configuration, helper_image, need_engine, run_registry
from tests.unit.app.servers import status, wait_until

pytestmark = pytest.mark.engine

DIGEST = "sha256:" + "a" * 64
EMPTY = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"  # BuildKit's for WORKDIR
LABELS = {
    "VERSION": "1.2.0",
    "REVISION": "8dba6dd",
    "SOURCE": "https://example.com/vote",
    "CREATED": "2026-01-01",
}


@pytest.fixture(scope="module")
def builds(tmp_path_factory) -> Iterator[Builds]:
    """Builds on the base image that the rehearsal provides: the official one, or its replacement."""
    need_engine()
    standin = StandIn(configuration(tmp_path_factory.mktemp("image") / "state"))
    standin.config.root.mkdir()
    standin.config.state.mkdir()
    try:
        run_registry(standin.config)
        made = Builds(str(helper_image(standin.config)))
        yield made
        made.remove()
        docker("image", "rm", made.base)
    finally:
        standin.remove()


@pytest.fixture(scope="module")
def front(builds: Builds, tmp_path_factory) -> str:
    return builds.build(checkout(tmp_path_factory.mktemp("front") / "app"), **LABELS)


def test_the_same_tree_built_twice_without_cache_gives_the_same_application_layers(builds, tmp_path):
    one = builds.build(checkout(tmp_path / "one"), "--no-cache", CREATED="2026-01-01")
    two = builds.build(checkout(tmp_path / "two", 0o600, OLD), "--no-cache", CREATED="2026-02-02")
    base = layers(builds.base)
    assert layers(one)[: len(base)] == base
    assert len([layer for layer in layers(one)[len(base) :] if layer != EMPTY]) == 2
    assert layers(one) == layers(two)


def test_a_change_to_the_page_makes_one_small_layer(builds, front, tmp_path):
    tree = checkout(tmp_path / "app")
    page = tree / "vote/templates/ballot.html"
    page.write_text(page.read_text() + "<!-- changed -->\n")
    changed = builds.build(tree, **LABELS | {"VERSION": "1.2.1"})
    assert layers(changed)[:-1] == layers(front)[:-1]
    assert layers(changed)[-1] != layers(front)[-1]
    sizes = docker("image", "history", "--human=false", "--format={{.Size}}", changed).split()
    assert 0 < int(next(size for size in sizes if size != "0")) < 200_000  # bytes


def test_buildkit_builds_it_too(builds, tmp_path):
    if subprocess.run(["docker", "buildx", "version"], capture_output=True).returncode != 0:
        pytest.skip("docker buildx is not installed")
    tree = checkout(tmp_path / "app")
    name = "aks-flow-test/front:buildkit"
    argv = [
        "docker",
        "buildx",
        "build",
        "--load",
        f"--build-arg=PYTHON_IMAGE={builds.base}",
        "--tag",
        name,
        tree,
    ]
    assert subprocess.run(argv).returncode == 0
    assert inspect(name)["Config"]["Cmd"] == ["python3", "-m", "vote"]
    docker("image", "rm", name)


def test_the_image_says_what_it_is(front):
    config = inspect(front)["Config"]
    prefix = "org.opencontainers.image."
    told = {key.removeprefix(prefix): value for key, value in config["Labels"].items()}
    assert told == {"title": "front", **{key.lower(): value for key, value in LABELS.items()}}
    assert config["User"] == "10001:10001"
    assert list(config["ExposedPorts"]) == ["8080/tcp", "8081/tcp"]
    assert config["StopSignal"] == "SIGTERM"
    assert config["Cmd"] == ["python3", "-m", "vote"]


def test_it_serves_without_root_without_capabilities_and_without_a_writable_file_system(front, running):
    name, url = running(
        front, "--env", f"APP_IMAGE=localhost:5050/front:1.3.0@{DIGEST}", "--env", "POD_NAME=front-0"
    )
    wait_until(lambda: status(f"{url}/healthz") == 200, "the container answers")
    assert _json(f"{url}/version") == {
        "version": "1.3.0",
        "commit": "8dba6dd",
        "pod": "front-0",
        "image": f"localhost:5050/front:1.3.0@{DIGEST}",
    }
    assert status(url) == 503  # there is no Redis
    docker("stop", "--time", "10", name)
    assert json.loads(docker("inspect", name))[0]["State"]["ExitCode"] == 0


def test_without_a_pin_it_reports_the_version_it_was_built_as(front, running):
    _, url = running(front)
    wait_until(lambda: status(f"{url}/healthz") == 200, "the container answers")
    assert _json(f"{url}/version")["version"] == "1.2.0"


def test_nothing_in_the_image_can_be_changed_by_the_app(front):
    argv = (
        "run",
        "--rm",
        "--network=none",
        front,
        "find",
        "/app",
        "/venv",
        "-writable",
        "-not",
        "-type",
        "l",
    )
    assert docker(*argv) == ""


@pytest.fixture
def running():
    """Starts containers as a restricted pod runs them; gives name and URL, removes them afterwards."""
    names = []

    def start(image: str, *options: str) -> tuple[str, str]:
        hardened = ("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges")
        names.append(docker("run", "--detach", "--publish=127.0.0.1::8080", *hardened, *options, image))
        return names[-1], f"http://{docker('port', names[-1], '8080/tcp')}"

    yield start
    for name in names:
        docker("rm", "--force", "--volumes", name)


def _json(url: str) -> dict:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)
