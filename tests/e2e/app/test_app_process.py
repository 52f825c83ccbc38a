"""The bad day, with the real web server and a real Redis: outages, hangs, and being stopped."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import redis

from tests.conftest import FIGURE
from tests.ports import free_ports
from tests.programs import needs
from tests.unit.app.servers import (
    ROOT,
    accepts,
    front_running,
    redis_running,
    running,
    status,
    wait_until,
)
from tests.unit.app.visitors import body, connection_header, page, statuses, vote

PASSWORD = 'pass "word" \\ $HOME'

pytestmark = needs("redis-server")


@pytest.fixture
def redis_port():
    return free_ports(1)[0]


def test_redis_goes_away_and_comes_back_with_the_votes(tmp_path, redis_port):
    with front_running(tmp_path / "front.log", redis_port, PASSWORD) as (process, url):
        assert statuses(url) == (503, 503, 200)
        with redis_running(redis_port, tmp_path, PASSWORD) as redis:
            wait_until(lambda: statuses(url) == (200, 200, 200), "ready with Redis")
            vote(url)
            redis.terminate()
            redis.wait()
            assert statuses(url) == (503, 503, 200)
        with redis_running(redis_port, tmp_path, PASSWORD):
            wait_until(lambda: statuses(url) == (200, 200, 200), "ready again")
            assert "1 vote in all" in page(url)
        assert process.poll() is None


def test_a_redis_that_hangs_does_not_hang_thepage(tmp_path, redis_port):
    with (
        redis_running(redis_port, tmp_path, PASSWORD) as redis,
        front_running(tmp_path / "front.log", redis_port, PASSWORD) as (_, url),
    ):
        assert status(url) == 200
        redis.send_signal(signal.SIGSTOP)
        assert status(url) == 503
        redis.send_signal(signal.SIGCONT)
        wait_until(lambda: status(url) == 200, "served again")


def test_a_wrong_password_is_not_ready_and_is_shown_nowhere(tmp_path, redis_port):
    log = tmp_path / "front.log"
    with redis_running(redis_port, tmp_path, PASSWORD), front_running(log, redis_port, "wr0ng") as (_, url):
        assert statuses(url) == (503, 503, 200)
    assert "wr0ng" not in log.read_text()


def test_the_password_is_in_no_command_line_of_redis(tmp_path, redis_port):
    with redis_running(redis_port, tmp_path, PASSWORD) as redis, open(f"/proc/{redis.pid}/cmdline") as line:
        assert PASSWORD not in line.read()


# What a stolen password must not be good for: a command for each kind that Redis has (its ACL categories).
NOT_THE_APPS = {
    "another key": "HINCRBY other Tabs 1",
    "reading another key": "HMGET other Tabs",
    "another command of the same key": "DEL votes",
    "setting a count": "HSET votes Tabs 1000",
    "all keys": "KEYS *",
    "all keys, in parts": "SCAN 0",
    "removing everything": "FLUSHALL",
    "settings": "CONFIG SET dir /tmp",
    "a script": "EVAL return(1) 0",
    "a function": "FUNCTION LIST",
    "users": "ACL SETUSER default allcommands",
    "another server as master": "REPLICAOF 192.0.2.1 6379",
    "other clients": "CLIENT LIST",
    "everybody's commands": "MONITOR",
    "messages": "PUBLISH news x",
    "facts about the server": "INFO",
    "a file of all data": "SAVE",
    "the end": "SHUTDOWN NOSAVE",
}


def test_redis_lets_the_app_do_what_it_does_and_nothing_else(tmp_path, redis_port):
    refusals = {}
    with (
        redis_running(redis_port, tmp_path, PASSWORD) as process,
        redis.Redis(port=redis_port, password=PASSWORD) as client,
    ):
        for name, line in NOT_THE_APPS.items():
            with pytest.raises(redis.ResponseError) as refusal:
                client.execute_command(*line.split())
            refusals[name] = refusal.type
        assert refusals == dict.fromkeys(NOT_THE_APPS, redis.exceptions.NoPermissionError)
        assert process.poll() is None


def test_without_the_password_redis_does_nothing(tmp_path, redis_port):
    with (
        redis_running(redis_port, tmp_path, PASSWORD),
        redis.Redis(port=redis_port, protocol=2) as client,
        pytest.raises(redis.AuthenticationError, match="Authentication required"),
    ):
        client.hmget("votes", ["Tabs"])


def test_a_probe_of_redis_gets_its_answer(tmp_path, redis_port):
    probe = redis.Redis(port=redis_port, password=PASSWORD, protocol=2)  # what `redis-cli ping` sends
    with redis_running(redis_port, tmp_path, PASSWORD), probe:
        assert probe.ping()


def test_votes_at_the_same_time_are_all_counted(tmp_path, redis_port):
    with (
        redis_running(redis_port, tmp_path, PASSWORD),
        front_running(tmp_path / "front.log", redis_port, PASSWORD) as (_, url),
    ):
        with ThreadPoolExecutor(8) as people:
            list(people.map(vote, [url] * 40))
        assert "40 votes in all" in page(url)


def test_sigterm_fails_readiness_first_then_finishes_what_runs_and_exits_0(tmp_path, redis_port):
    log = tmp_path / "front.log"
    with (
        redis_running(redis_port, tmp_path, PASSWORD),
        front_running(log, redis_port, PASSWORD, DRAIN_SECONDS="1") as (process, url),
    ):
        port = urllib.parse.urlsplit(url).port
        with socket.create_connection(("127.0.0.1", port)) as slow:
            body = b"csrf=none&option=Tabs"
            slow.sendall(b"POST / HTTP/1.1\r\nHost: front\r\nContent-Length: %d\r\n" % len(body))
            slow.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body[:4])
            assert status(url) == 200  # a whole request later, the slow one is being read
            process.terminate()
            wait_until(lambda: status(f"{url}/readyz") == 503, "not ready after SIGTERM")
            assert status(url) == 200
            wait_until(lambda: not accepts(port), "no new connections after the drain time")
            assert process.poll() is None
            slow.sendall(body[4:])
            assert slow.makefile("rb").readline() == b"HTTP/1.1 403 FORBIDDEN\r\n"
        assert process.wait(timeout=60) == 0
    assert {"message", "level", "time"} <= json.loads(log.read_text().splitlines()[-1]).keys()


def test_while_draining_kept_connections_are_told_to_close(tmp_path, redis_port):
    with front_running(tmp_path / "front.log", redis_port, PASSWORD, DRAIN_SECONDS="5") as (process, url):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc)
        assert [connection_header(connection) for _ in range(2)] == [None, None]
        process.terminate()
        wait_until(lambda: b"draining" in body(f"{url}/readyz"), "draining")
        assert connection_header(connection) == "close"


HALVES = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\nHost: fr",
    "a head without its body": b"POST / HTTP/1.1\r\nHost: front\r\nContent-Length: 20\r\n\r\ncsrf",
}


@pytest.mark.parametrize(("half", "count"), [("half a head", 8), *((half, 200) for half in HALVES)])
def test_who_sends_half_a_request_stands_in_nobodys_way(tmp_path, redis_port, record_property, half, count):
    (internal,) = free_ports(1)
    with (
        front_running(tmp_path / "front.log", redis_port, PASSWORD, internal_port=internal) as (_, url),
        ExitStack() as connections,
    ):
        address = ("127.0.0.1", urllib.parse.urlsplit(url).port)
        for _ in range(count):
            connections.enter_context(socket.create_connection(address)).sendall(HALVES[half])
        answers = [status(f"{url}/version") for _ in range(20)]
        said = f"{count} connections with {half} held: {answers.count(200)} of 20 requests answered"
        record_property(FIGURE, f"the app: {said}")
        assert answers.count(200) >= 19  # a busy machine may be late with one; who is held up answers none
        assert status(f"http://127.0.0.1:{internal}/healthz") == 200


def test_a_request_that_does_not_arrive_in_time_is_cut_off_though_bytes_keep_coming(tmp_path, redis_port):
    with front_running(tmp_path / "front.log", redis_port, PASSWORD, ARRIVAL_SECONDS="1") as (_, url):
        address = ("127.0.0.1", urllib.parse.urlsplit(url).port)
        with socket.create_connection(address) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")

            def is_cut_off() -> bool:
                try:
                    slow.sendall(b"x")
                    return not slow.recv(1, socket.MSG_DONTWAIT)
                except BlockingIOError:
                    return False
                except OSError:
                    return True

            wait_until(is_cut_off, "the connection is closed")
        assert status(f"{url}/version") == 200


def test_a_setting_that_cannot_be_used_stops_the_start(tmp_path):
    environ = {**os.environ, "OPTIONS": "Tea"}
    with running(
        *(sys.executable, "-m", "vote"),
        cwd=ROOT / "app",
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert b"OPTIONS is 'Tea': name at least two" in output
