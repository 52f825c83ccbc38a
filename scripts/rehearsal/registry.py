"""The rehearsal's registry: the real one (distribution), on loopback."""

import http.client
import json
import shutil
from collections.abc import Callable

from scripts.command import Command, command
from scripts.config import Config
from scripts.rehearsal import debian
from scripts.rehearsal.processes import Process, need_free_port
from scripts.runner import Local

PORT_KEY = "rehearsal.registry_port"


def process(config: Config) -> Process:
    return Process("registry", config.state)


def ensure(run: Local, config: Config, tell: Callable[[str], None]) -> None:
    """A registry that answers on the configured port."""
    if process(config).pid():
        return
    port = config.rehearsal.registry_port
    need_free_port(port, PORT_KEY)
    if not shutil.which("docker-registry"):
        debian.install(run, "docker-registry", "the OCI registry (distribution)", tell)
    process(config).start(run, _serve(config))
    process(config).ready(lambda: _answers(port), "an answer of the registry", seconds=10)


def _serve(config: Config) -> Command:
    file = config.state / "registry.yml"
    settings = {
        "version": 0.1,
        "log": {"level": "warn", "accesslog": {"disabled": True}},
        "storage": {
            "filesystem": {"rootdirectory": str(config.state / "registry")},
            "delete": {"enabled": True},
        },
        "http": {"addr": f"127.0.0.1:{config.rehearsal.registry_port}"},
    }
    file.write_text(json.dumps(settings))  # JSON is YAML, and quotes any path
    return command("docker-registry", "serve", file, env={"OTEL_TRACES_EXPORTER": "none"})


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/v2/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
