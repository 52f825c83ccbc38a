"""A registry that lets nobody in: the real one, asking for credentials that nobody has."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.config import Config
from scripts.rehearsal import registry
from scripts.rehearsal.processes import Process
from scripts.runner import Local


@contextmanager
def closed(run: Local, config: Config) -> Iterator[str]:
    """HOST:PORT, for as long as the block lasts."""
    process, port = Process("closed-registry", config.state), _free_port()
    users = config.state / "closed-registry.htpasswd"
    users.write_text("")  # nobody has an account
    auth = {"htpasswd": {"realm": "drill", "path": str(users)}}
    wanted = registry.settings(port, config.state / "closed-registry") | {"auth": auth}
    process.start(run, registry.serve(config.state / "closed-registry.yml", wanted))
    try:
        process.ready(lambda: registry.status(port) == 401, registry.ANSWER, seconds=10)
        yield f"localhost:{port}"
    finally:
        process.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]
