"""The rehearsal's registry as processes: Debian's program, and the relay that keeps other users from it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.docker import registry
from tests.e2e.conftest import remove_left
from tests.e2e.standin import configuration
from tests.programs import need

# Behind the imports: another user may not read the standard library of an environment.
IMPORTS = "import encodings.idna, http.client, os, sys; "
AS_NOBODY = "os.setgroups([]); os.setuid(65534); "
UPLOAD = (
    "visit = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1])); "
    "visit.request('POST', '/v2/front/blobs/uploads/'); print(visit.getresponse().status)"
)


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Config]:
    need("docker-registry")
    config = configuration(tmp_path)
    config.state.mkdir(mode=0o700)
    yield config
    registry.stop(config)


def upload(config: Config, who: str = "") -> str:
    """What the registry answers to a user who begins an upload, or the last line of why it does not."""
    call = [sys.executable, "-c", IMPORTS + who + UPLOAD, str(config.registry_port)]
    ended = subprocess.run(call, capture_output=True, text=True, timeout=20)
    return (ended.stdout + ended.stderr).splitlines()[-1]


def start_as_before(config: Config) -> int:
    """The registry without a relay, at the port itself."""
    listening = {"addr": f"127.0.0.1:{config.registry_port}"}
    serve = registry.serve(
        config.state / "registry.yml", registry.settings(listening, config.state / "registry")
    )
    process = registry.process(config)
    process.start(Local(), serve, config.registry_port)
    process.ready(lambda: registry.status(config.registry_port) == 200, registry.ANSWER, seconds=60)
    return process.pid()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
def test_a_registry_that_lets_everybody_in_is_replaced_by_one_that_does_not(config):
    before = start_as_before(config)
    assert upload(config, AS_NOBODY) == "202"
    registry.ensure(Local(), config)
    assert registry.process(config).pid() != before
    assert upload(config) == "202"
    assert upload(config, AS_NOBODY).startswith(("http.client.RemoteDisconnected", "ConnectionResetError"))


def test_a_part_that_died_comes_back_and_a_second_start_changes_nothing(config):
    parts = registry.process(config), registry.relay(config)
    for dead in (*parts, None):
        registry.ensure(Local(), config)
        before = [part.pid() for part in parts]
        assert all(before) and upload(config) == "202"
        registry.ensure(Local(), config)
        assert [part.pid() for part in parts] == before
        if dead:
            dead.stop()
            assert not registry.is_running(Local(), config)


def test_what_a_test_run_that_was_ended_has_left_is_removed(config):
    registry.ensure(Local(), config)
    remove_left(config.root.parent)
    assert registry.process(config).pid() is None
    assert not config.state.exists()
