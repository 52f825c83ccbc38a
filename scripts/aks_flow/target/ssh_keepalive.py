"""Notices that an SSH connection leads nowhere: of a host that is gone, TCP may say nothing for ever.

As ssh does with ServerAliveInterval and ServerAliveCountMax (ssh_config(5)).
"""

import threading

EVERY = 15  # seconds between two questions
WITHIN = 60  # seconds for an answer: a host under load takes its time
_QUESTION = "keepalive@openssh.com"  # no server knows it, and all have to say so (RFC 4254, section 4)


def watch(transport) -> None:
    """Close a connection (paramiko's) once it does not answer in time; what waits on it ends with that."""
    threading.Thread(target=_ask, args=(transport,), daemon=True, name="keepalive").start()


def _ask(transport) -> None:
    from paramiko import SSHException  # loaded by now

    while transport.is_active():
        late = threading.Timer(WITHIN, transport.close)
        late.daemon = True
        late.start()
        try:
            transport.global_request(_QUESTION, wait=True)
        except (OSError, EOFError, SSHException):  # it broke off by itself
            transport.close()
        late.cancel()
        transport.join(EVERY)
