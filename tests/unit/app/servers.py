"""Real processes for tests: the app with its web server, and Redis."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_ports

ROOT = Path(__file__).parents[3]
DEADLINE = 60  # seconds


def wait_until(condition, what: str):
    """Polls until ``condition()`` is true; fails naming ``what`` after DEADLINE."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if result := condition():
            return result
        time.sleep(0.02)
    raise AssertionError(f"waited {DEADLINE} s in vain: {what}")


def status(url: str) -> int | None:
    """The HTTP status, or None if nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(*argv, **options):
    """A process that is gone afterwards, whatever the test did to it."""
    process = subprocess.Popen(argv, **options)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def redis_running(port: int, directory: Path, password: str):
    """Redis, started with the manifests' own script and settings."""
    script = ROOT / "manifests/base/redis/start.sh"
    environ = {**os.environ, "REDISCLI_AUTH": password}
    options = ("--port", str(port), "--bind", "127.0.0.1")
    with (
        (directory / "redis.log").open("ab") as log,
        running("sh", str(script), *options, cwd=directory, env=environ, stdout=log, stderr=log) as process,
    ):
        wait_until(lambda: accepts(port), "Redis accepts connections")
        yield process


@contextmanager
def front_running(log: Path, redis_port: int, password: str, **environ):
    """The front end as a pod runs it; gives the process and its URL."""
    port, internal = free_ports(2)
    settings = {
        "LISTEN": f"127.0.0.1:{port}",
        "LISTEN_INTERNAL": f"127.0.0.1:{environ.pop('internal_port', None) or internal}",
        "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        "REDIS_PASSWORD": password,
        "PYTHONDONTWRITEBYTECODE": "1",
        **environ,
    }
    with (
        log.open("wb") as output,
        running(
            *(sys.executable, "-m", "vote"),
            cwd=ROOT / "app",
            env={**os.environ, **settings},
            stdout=output,
            stderr=output,
        ) as process,
    ):
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: status(f"{url}/healthz") == 200, "the front end answers")
        yield process, url
