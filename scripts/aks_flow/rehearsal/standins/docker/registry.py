"""The rehearsal's registry: the real one (distribution), on loopback."""

import http.client
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from aks_flow.core import wait
from aks_flow.core.command import Command, command
from aks_flow.core.config import Config
from aks_flow.core.runner import CommandFailed, Local
from aks_flow.rehearsal.standins.docker.errors import Unavailable
from aks_flow.rehearsal.standins.identity import LABEL, identity
from aks_flow.rehearsal.standins.process.processes import SOURCES, Process, runs_at

PORT_KEY = "targets.rehearsal.registry"
IMAGE = "registry:2"
ANSWER = "an answer of the registry"
_MORE = ("--help'.", "--help' for more information")  # what docker adds below the cause
SOCKET = "registry.sock"  # in the state's folder, which only this user can enter


def process(config: Config) -> Process:
    return Process("registry", config.state)


def relay(config: Config) -> Process:
    """What listens at the port, and leads to the registry."""
    return Process("registry-relay", config.state)


def ensure(run: Local, config: Config) -> None:
    """A registry that answers on the configured port: Debian's program, elsewhere the official image."""
    if is_running(run, config):
        return
    start = _start_process if shutil.which("docker-registry") else _start_container
    start(run, config)


def is_running(run: Local, config: Config) -> bool:
    """As processes or as a container; AksFlowError if it could not start on the configured port."""
    return bool(container(run, config)) or _runs_as_processes(config)


def _runs_as_processes(config: Config) -> bool:
    own, port = process(config), config.registry_port
    if own.port():  # it listens there itself, as it did before it had a relay, and lets everybody in
        runs_at(own, port, PORT_KEY)
        return False
    return runs_at(relay(config), port, PORT_KEY) and bool(own.pid())


def stop(config: Config) -> None:
    relay(config).stop()
    process(config).stop()


def container(run: Local, config: Config) -> str:
    """The name of the container that is the registry, "" if it runs as a process or not at all."""
    if not shutil.which("docker"):
        return ""
    ask = ("docker", "container", "inspect", "--format", "{{.State.Running}}", _name(config))
    return _name(config) if run.run(command(*ask, reads=True, ok=range(256))).text.strip() == "true" else ""


def _start_process(run: Local, config: Config) -> None:
    stop(config)  # what is left of it: one of the two, or one without a relay
    process(config).start(run, _serve(config))
    relay(config).start(run, _relay(config), config.registry_port)
    process(config).ready(lambda: _answers(config.registry_port), ANSWER, seconds=10)


def _start_container(run: Local, config: Config) -> None:
    """The one that is there, with its images, as after a restart of the machine; or else a new one."""
    again = command("docker", "start", _name(config), ok=range(256))
    gone = command("docker", "rm", "--force", "--volumes", _name(config), ok=range(256))
    try:
        if run.run(again).code:
            run.run(gone)
            run.run(_container(config))
    except CommandFailed as error:
        said = [line.strip(" .") for line in error.what.splitlines() if not line.endswith(_MORE)]
        *_, why = filter(None, said)
        what = f"docker-registry is not installed, and its official image {IMAGE} does not run: {why}"
        step = "Install the program, or see to it that the engine can pull; then run the same command again."
        raise Unavailable(what, next_step=step) from error
    step = f"Its log: docker logs {_name(config)}."
    wait.until(lambda: _answers(config.registry_port), ANSWER, seconds=30, next_step=step)


def _name(config: Config) -> str:
    return f"aks-flow-{identity(config)}-registry"


def _container(config: Config) -> Command:
    return command(
        *("docker", "run", "--detach", "--name", _name(config), "--label", f"{LABEL}={identity(config)}"),
        *("--publish", f"127.0.0.1:{config.registry_port}:5000", IMAGE),
    )


def _serve(config: Config) -> Command:
    http_settings = {"net": "unix", "addr": SOCKET}
    return serve(config.state / "registry.yml", settings(http_settings, config.state / "registry"))


def _relay(config: Config) -> Command:
    return command(
        *(sys.executable, "-m", "aks_flow.rehearsal.standins.docker.registry_relay"),
        *("--port", config.registry_port, "--socket", config.state / SOCKET),
        cwd=SOURCES,
    )


def settings(listening: Mapping[str, str], folder: Path) -> dict:
    """The registry's own configuration. listening: its `http` settings. folder: where its images are."""
    return {
        "version": 0.1,
        "log": {"level": "warn", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(folder)}, "delete": {"enabled": True}},
        "http": dict(listening),
    }


def serve(file: Path, configuration: dict) -> Command:
    """Debian's program with a configuration, which is written to the file; it works in the file's folder."""
    file.write_text(json.dumps(configuration))  # JSON is YAML, and quotes any path
    return command("docker-registry", "serve", file, env={"OTEL_TRACES_EXPORTER": "none"}, cwd=file.parent)


def _answers(port: int) -> bool:
    return status(port) == 200


def status(port: int) -> int:
    """What a registry on that port answers to its first question; 0 if none answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/v2/")
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()
