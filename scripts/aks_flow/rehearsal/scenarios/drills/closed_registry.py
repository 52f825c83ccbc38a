"""A registry that lets nobody in: the real one, asking for credentials that nobody has."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.docker import registry
from aks_flow.rehearsal.standins.process.processes import Process


@contextmanager
def closed(run: Local, config: Config) -> Iterator[str]:
    """HOST:PORT, for as long as the block lasts."""
    process, port = Process("closed-registry", config.state), _free_port()
    users = config.state / "closed-registry.htpasswd"
    users.write_text("")  # nobody has an account
    auth = {"htpasswd": {"realm": "drill", "path": str(users)}}
    listening = {"addr": f"127.0.0.1:{port}"}
    settings = registry.settings(listening, config.state / "closed-registry") | {"auth": auth}
    process.start(run, registry.serve(config.state / "closed-registry.yml", settings))
    try:
        process.ready(lambda: registry.status(port) == 401, registry.ANSWER, seconds=10)
        yield f"localhost:{port}"
    finally:
        process.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
