"""Ports that nobody else takes before whoever asked for them listens there."""

import random
import socket

# Below those that the kernel gives to connections and to whoever asks for any port (32768 and more), and to
# those that Kubernetes gives to Services.
_RANGE = range(10_000, 30_000)


def free_ports(count: int) -> list[int]:
    """Loopback ports that nothing listens on."""
    chosen: list[int] = []
    for port in random.SystemRandom().sample(_RANGE, len(_RANGE)):
        if len(chosen) == count:
            break
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        chosen.append(port)
    return chosen
