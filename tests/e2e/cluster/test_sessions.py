"""exec, cp, attach and port-forward by the real kubectl, over WebSockets."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from aks_flow.core import wait
from tests.e2e.cluster.objects import apply, pod, python, web
from tests.e2e.kubectl import PROGRAM

LOOPBACK_ONLY = """
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
ThreadingHTTPServer(("127.0.0.1", 9090), SimpleHTTPRequestHandler).serve_forever()
"""


@pytest.fixture(scope="module")
def shell(kubectl, demo) -> Iterator[tuple[str, ...]]:
    """The arguments that name a pod with a web server and a server on its loopback only."""
    namespace = "e2e-sessions"
    kubectl.ok("create", "namespace", namespace)
    containers = (web(demo["v1"]), python(demo["v1"], LOOPBACK_ONLY) | {"name": "side"})
    apply(kubectl, namespace, pod("box", *containers))
    kubectl.ok("-n", namespace, "wait", "pod/box", "--for=condition=Ready", "--timeout=60s")
    yield ("-n", namespace)
    kubectl.ok("delete", "namespace", namespace, "--wait=false")


def test_exec_gives_both_outputs_and_the_exit_code(kubectl, shell):
    answer = kubectl(*shell, "exec", "box", "-c", "web", "--", "sh", "-c", "echo out; echo err >&2; exit 7")
    assert answer == (7, "out\n", "err\ncommand terminated with exit code 7\n")


def test_exec_passes_input_on_to_its_end(kubectl, shell):
    answer = kubectl(*shell, "exec", "-i", "box", "-c", "web", "--", "cat", stdin="one\ntwo\n")
    assert answer == (0, "one\ntwo\n", "")


def test_exec_of_a_program_that_is_not_there_says_so(kubectl, shell):
    answer = kubectl(*shell, "exec", "box", "-c", "web", "--", "no-such-program")
    assert answer.exit == 1 and answer.stdout == ""
    assert '"no-such-program": executable file not found' in answer.stderr


def test_exec_where_nothing_runs_is_refused(kubectl, shell):
    missing = kubectl(*shell, "exec", "no-such-pod", "--", "true")
    assert missing == (1, "", 'Error from server (NotFound): pods "no-such-pod" not found\n')


def test_exec_in_a_terminal_follows_its_size(kubectl, shell):
    process, terminal = pty.fork()
    if process == 0:
        words = [PROGRAM, *shell, "exec", "-it", "box", "-c", "web", "--", "sh"]
        os.execve(PROGRAM, words, kubectl.environment)
    screen = Screen(terminal)
    screen.resize(33, 99)
    screen.until_it_says("stty size\n", "33 99")
    screen.resize(44, 111)
    screen.until_it_says("stty size\n", "44 111")
    os.write(terminal, b"exit 3\n")
    assert wait.until(lambda: ended(process), "kubectl's end", seconds=20) == (3,)
    os.close(terminal)


def ended(process: int) -> tuple[int] | None:
    found, status = os.waitpid(process, os.WNOHANG)
    return (os.waitstatus_to_exitcode(status),) if found else None


class Screen:
    """What a terminal shows."""

    def __init__(self, descriptor: int):
        self._descriptor, self._text = descriptor, ""
        os.set_blocking(descriptor, False)

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until_it_says(self, typed: str, text: str) -> None:
        """Type a line, again and again: a change of size needs a moment to arrive."""

        def says() -> bool:
            os.write(self._descriptor, typed.encode())
            return text in self._read()

        wait.until(says, f"{text!r} on the screen", seconds=20, pause=0.2)

    def _read(self) -> str:
        with suppress(BlockingIOError):
            self._text += os.read(self._descriptor, 65536).decode(errors="replace")
        return self._text


def test_cp_brings_a_file_there_and_back(kubectl, shell, tmp_path: Path):
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(os.urandom(3_000_000))
    kubectl.ok(*shell, "cp", str(there), "box:/tmp/blob", "-c", "web")
    kubectl.ok(*shell, "cp", "box:/tmp/blob", str(back), "-c", "web")
    assert back.read_bytes() == there.read_bytes()


def test_run_attaches_to_a_program_and_gives_it_input(kubectl, shell, demo):
    script = "print(input()[::-1])"
    answer = kubectl(
        *(*shell, "run", "-i", "--rm", "--restart=Never", f"--image={demo['v1']}", "once", "--command"),
        *("--", "python3", "-c", script),
        stdin="desrever\n",
    )
    assert answer.exit == 0 and answer.stdout.startswith("reversed\n")


@contextmanager
def forwarded(kubectl, shell, *ports: str, to: str = "pod/box") -> Iterator[list[int]]:
    """The local ports, as soon as kubectl listens there."""
    command = [PROGRAM, *shell, "port-forward", "--address=127.0.0.1", to, *ports]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=kubectl.environment
    ) as process:
        try:
            lines = [process.stdout.readline() for _ in ports]
            yield [int(re.search(r"127.0.0.1:(\d+) ->", line)[1]) for line in lines]
        finally:
            process.terminate()


def fetch(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        return answer.read().decode()


def test_port_forward_carries_connections_side_by_side(kubectl, shell):
    with forwarded(kubectl, shell, ":8080") as (port,), ThreadPoolExecutor(20) as pool:
        assert {text.split()[0] for text in pool.map(fetch, [port] * 60)} == {"v1"}


def test_port_forward_reaches_what_listens_on_the_pods_loopback_only(kubectl, shell):
    with forwarded(kubectl, shell, ":9090") as (port,):
        assert "Directory listing" in fetch(port)


def test_port_forward_to_a_port_where_nothing_listens_says_so(kubectl, shell):
    command = [PROGRAM, *shell, "port-forward", "--address=127.0.0.1", "pod/box", ":7777"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=kubectl.environment
    ) as process:
        port = int(re.search(r"127.0.0.1:(\d+) ->", process.stdout.readline())[1])
        with pytest.raises(OSError):
            fetch(port)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert re.search(r"error forwarding port 7777 to pod .*[Cc]onnection refused", said)


def test_what_is_not_offered_is_refused_in_a_sentence(cluster, kubectl, shell):
    if not cluster.standin:
        pytest.skip("a standard cluster may offer all of it")
    debug = kubectl(*shell, "debug", "box", "--image=none")
    assert debug.exit == 1
    assert "the rehearsal cluster does not offer ephemeral containers" in debug.stderr
    assert kubectl(*shell, "top", "pods") == (1, "", "error: Metrics API not available\n")


def test_the_python_client_executes_too(cluster, kubectl, shell):
    kubernetes = pytest.importorskip("kubernetes")
    from kubernetes.stream import stream

    api = kubernetes.client.CoreV1Api(kubernetes.config.new_client_from_config(str(kubectl.kubeconfig)))
    said = stream(
        api.connect_get_namespaced_pod_exec,
        *("box", shell[1]),
        **{"container": "web", "command": ["echo", "hi"], "stdout": True, "stderr": True},
    )
    assert said == "hi\n"
