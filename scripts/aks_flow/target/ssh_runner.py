"""Runs commands on another host over SSH (fabric): the program there, its input by standard input.

The host's key must be known already; nothing is written there.
"""

import re
import shlex
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from aks_flow.core import wait
from aks_flow.core.command import Command, Result, Secret
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Hear, stdin_of
from aks_flow.target import ssh_keepalive

CONNECT_WITHIN = 10  # seconds
TURN_WITHIN = 60  # seconds; sshd takes ten sessions at once, and counts one a little longer than it lives
_NO_CACHE = {"KUBECACHEDIR": "/dev/null"}  # kubectl's discovery cache would stay there
# Reads a secret variable from the first line of standard input, and leaves the rest to the program.
_READ = 'IFS= read -r {name} && export {name} && exec "$@"'
# Ends the program when the connection does: without a terminal, sshd lets it run on.
_TIED = (
    'exec 3<&0; "$@" </dev/null & program=$!; '
    "{ cat <&3 >/dev/null; kill $program 2>/dev/null; } & wait $program"
)


class JumpHost:
    """``user@host[:port]``. One connection, made on first use, and a channel on it for each command."""

    def __init__(self, address: str):
        self.address, self._connection, self._lock = address, None, threading.Lock()

    def run(self, command: Command) -> Result:
        """Run it there; CommandFailed for a bad exit code, AksFlowError if the host cannot be reached."""
        line, data = _line(command)
        with self._channel(line) as channel:
            out, err = _Drain(channel.makefile("rb")), _Drain(channel.makefile_stderr("rb"))
            with suppress(OSError):  # the program may end without reading all of it
                channel.sendall(data)
            channel.shutdown_write()
            result = Result(self._code(channel), out.all(), err.all())
        if result.code not in command.ok:
            raise CommandFailed(command, result)
        return result

    @contextmanager
    def follow(self, command: Command, hear: Hear) -> Iterator[None]:
        """As the local runner's: the program runs beside the block and ends with it."""
        line, _ = _line(command, tied=True)
        channel = self._channel(line)
        reader = threading.Thread(target=self._hand_on, args=(channel, hear), daemon=True)
        reader.start()
        try:
            yield
        finally:
            channel.shutdown_write()
            reader.join()
            channel.close()

    @staticmethod
    def _hand_on(channel, hear: Hear) -> None:
        errors = _Drain(channel.makefile_stderr("rb"))
        for line in channel.makefile("rb"):
            hear(line)
        code = channel.recv_exit_status() % 256  # -1: the connection broke off
        hear(Result(code, b"", errors.all()))

    def _code(self, channel) -> int:
        code = channel.recv_exit_status()
        if code < 0:
            step = "Look at the host and the network to it; the command may have been carried out."
            raise AksFlowError("the connection broke off", where=self.address, next_step=step)
        return code

    def _channel(self, line: str):
        channel = wait.within(self._session, TURN_WITHIN, pause=0.05)
        if channel is None:
            what = "the jump host takes no more sessions at once"
            step = "Raise MaxSessions in its sshd_config, or wait for other runs; then run this again."
            raise AksFlowError(what, where=self.address, next_step=step)
        channel.exec_command(line)
        return channel

    def _session(self):
        """A channel for one command; None if the host has as many as it takes.

        One is asked for at a time: a connection keeps one refusal, for whichever thread looks first.
        """
        with self._lock:
            connection = self._open()
            from paramiko import ChannelException  # loaded by now

            try:
                return connection.transport.open_session(timeout=CONNECT_WITHIN)
            except ChannelException:
                return None

    def _open(self):
        if self._connection is None or not self._connection.is_connected:
            self._connection = _connect(self.address)
            ssh_keepalive.watch(self._connection.transport)
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


class _Drain:
    """Reads a stream to its end on a thread of its own, so that the other one never fills up."""

    def __init__(self, stream):
        self._parts: list[bytes] = []
        self._thread = threading.Thread(target=lambda: self._parts.append(stream.read()), daemon=True)
        self._thread.start()

    def all(self) -> bytes:
        self._thread.join()
        return b"".join(self._parts)


def _line(command: Command, tied: bool = False) -> tuple[str, bytes]:
    """The one line that the host's shell gets, and what goes to standard input."""
    words, data = list(command.argv), stdin_of(command)
    plain = {**command.env, **(_NO_CACHE if command.argv[0] == "kubectl" else {})}
    secrets = {name: value for name, value in plain.items() if isinstance(value, Secret)}
    if tied:
        words = ["sh", "-c", _TIED, "sh", *words]
    for name, value in secrets.items():
        words = ["sh", "-c", _READ.format(name=name), "sh", *words]
        data = value.reveal().encode() + b"\n" + data
    settings = [f"{name}={value}" for name, value in plain.items() if name not in secrets]
    return shlex.join(["env", *settings, *words] if settings else words), data


def _connect(address: str):
    """An open connection, to a host whose key is known; AksFlowError with the cause otherwise."""
    import paramiko
    from fabric import Connection  # a quarter of a second that other targets need not pay

    user, host, port = re.fullmatch(r"(.+)@([^:]+)(?::(\d+))?", address).groups()
    connection = Connection(host, user=user, port=int(port) if port else None, connect_timeout=CONNECT_WITHIN)
    connection.client.load_system_host_keys()
    for file in connection.ssh_config.get("userknownhostsfile", "").split():
        connection.client.load_system_host_keys(file)
    connection.client.set_missing_host_key_policy(paramiko.RejectPolicy())
    try:
        connection.open()
    except paramiko.BadHostKeyException as error:
        step = (
            f"Ask whoever runs it; if the change is right: ssh-keygen -R {error.hostname}, then connect once."
        )
        what = "the jump host has another key than before"
        raise AksFlowError(what, where=address, next_step=step) from error
    except paramiko.AuthenticationException as error:
        step = "Load a key that it takes into ssh-agent."
        raise AksFlowError("the jump host does not let you in", where=address, next_step=step) from error
    except paramiko.SSHException as error:
        step = f"Compare its key, then add it: ssh-keyscan {host} >> ~/.ssh/known_hosts"
        if "not found in known_hosts" in str(error):
            raise AksFlowError("the jump host's key is not known", where=address, next_step=step) from error
        raise _down(address, error) from error
    except (OSError, EOFError) as error:
        raise _down(address, error) from error
    return connection


def _down(address: str, error: Exception) -> AksFlowError:
    step = "Look whether it runs, and whether this machine may reach it; then run the same command again."
    return AksFlowError(f"the jump host does not answer ({error})", where=address, next_step=step)
