"""Logs and proxied requests: what passes through the API to pods."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import bad_request
from tests.unit.rehearsal.standins.kubernetes.conftest import Server

PODS = "/api/v1/namespaces/default/pods"
SERVICES = "/api/v1/namespaces/default/services"
SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
MERGE = "application/merge-patch+json"


@dataclass
class Logs:
    """A node that has logs and nothing else."""

    pieces: tuple[bytes, ...] = (b"one\n", b"two\n")
    asked: list = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def logs(self, pod: dict, container: str, options: dict) -> AsyncIterator[bytes]:
        if options["previous"]:
            raise bad_request(f'previous terminated container "{container}" in pod "p" not found')
        self.asked.append((pod["metadata"]["name"], container, options))
        return self._pieces(options["follow"])

    async def _pieces(self, follow: bool) -> AsyncIterator[bytes]:
        try:
            for piece in self.pieces:
                yield piece
            if follow:
                await asyncio.Event().wait()
        finally:
            self.ended.set()


def a_pod(*containers: str, first: tuple[str, ...] = ()) -> dict:
    spec = {
        "containers": [{"name": name, "image": "i"} for name in containers],
        "initContainers": [{"name": name, "image": "i"} for name in first],
    }
    return {"metadata": {"name": "p"}, "spec": spec}


@pytest.fixture
def logs(server) -> Logs:
    server.api.node = Logs()
    return server.api.node


def test_the_log_of_the_only_container_needs_no_name(server, logs):
    server.call("POST", PODS, a_pod("web"))
    answer = server.call("GET", f"{PODS}/p/log?tailLines=5&timestamps=true&sinceSeconds=60&limitBytes=9")
    assert (answer.status, answer.text) == (200, "one\ntwo\n")
    assert answer.headers["Content-Type"].startswith("text/plain")
    ((pod, container, options),) = logs.asked
    assert (pod, container) == ("p", "web")
    expected = {"tail_lines": 5, "timestamps": True, "since_seconds": 60, "limit_bytes": 9, "follow": False}
    assert expected.items() <= options.items()


@pytest.mark.parametrize(
    ("pod", "query", "message"),
    [
        (a_pod("a", "b"), "", "a container name must be specified for pod p, choose one of: [a b]"),
        (
            a_pod("a", first=("i",)),
            "",
            "a container name must be specified for pod p, choose one of: [a] "
            "or one of the init containers: [i]",
        ),
        (a_pod("a"), "?container=x", "container x is not valid for pod p"),
        (a_pod("a"), "?previous=true", 'previous terminated container "a" in pod "p" not found'),
        (
            a_pod("a"),
            "?tailLines=x",
            'invalid value for tailLines: strconv.ParseUint: parsing "x": invalid syntax',
        ),
    ],
)
def test_a_log_that_cannot_be_had_is_refused(server, logs, pod, query, message):
    server.call("POST", PODS, pod)
    answer = server.call("GET", f"{PODS}/p/log{query}")
    assert (answer.status, answer.body["message"]) == (400, message)


def test_a_followed_log_ends_with_its_reader(server, logs):
    server.call("POST", PODS, a_pod("web"))
    with server.watch(f"{PODS}/p/log?follow=true") as events:
        assert server.run(events.answer.content.readline()) == b"one\n"
        assert not logs.ended.is_set()
    server.run(asyncio.wait_for(logs.ended.wait(), 5))


@contextlib.contextmanager
def upstream(server: Server) -> Iterator[int]:
    """A program in a pod that tells what it was asked; gives its port."""

    async def echo(request: web.Request) -> web.Response:
        seen = {
            "method": request.method,
            "path": request.raw_path,
            "body": await request.text(),
            "authorization": request.headers.get("Authorization"),
        }
        return web.json_response(seen, status=418, headers={"X-From": "pod"})

    async def start() -> web.AppRunner:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", echo)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    runner = server.run(start())
    try:
        yield runner.addresses[0][1]
    finally:
        server.run(runner.cleanup())


def serve(server: Server, port: int, ready: bool = True) -> None:
    """A Service with one endpoint on that port of this machine."""
    spec = {"ports": [{"name": "http", "port": 80, "targetPort": port}], "selector": {"app": "web"}}
    assert server.call("POST", SERVICES, {"metadata": {"name": "web"}, "spec": spec}).status == 201
    endpoints = {
        "metadata": {"name": "web-x", "labels": {"kubernetes.io/service-name": "web"}},
        "addressType": "IPv4",
        "ports": [{"name": "http", "port": port, "protocol": "TCP"}],
        "endpoints": [{"addresses": ["127.0.0.1"], "conditions": {"ready": ready}}],
    }
    assert server.call("POST", SLICES, endpoints).status == 201


@pytest.mark.parametrize("name", ["web", "web:http", "web:80", "http:web:http", "http:web:"])
def test_a_request_to_a_service_reaches_a_ready_endpoint(server, name):
    with upstream(server) as port:
        serve(server, port)
        answer = server.call(
            "POST", f"{SERVICES}/{name}/proxy/a/b%20c?d=%26", "text", content_type="text/plain"
        )
    assert (answer.status, answer.headers["X-From"]) == (418, "pod")
    assert answer.body == {"method": "POST", "path": "/a/b%20c?d=%26", "body": "text", "authorization": None}


REFUSED = "dial tcp 127.0.0.1:{port}: connect: connection refused"


@pytest.mark.parametrize(
    ("name", "ready", "message"),
    [
        ("web", False, 'no endpoints available for service "web"'),
        ("web:nosuch", True, 'no service port "nosuch" found for service "web"'),
        ("web", True, f"error trying to reach service: {REFUSED}"),
    ],
)
def test_a_service_that_cannot_be_reached_is_unavailable(server, name, ready, message):
    with upstream(server) as port:
        pass
    serve(server, port, ready)
    answer = server.call("GET", f"{SERVICES}/{name}/proxy/")
    assert (answer.status, answer.body["reason"]) == (503, "ServiceUnavailable")
    assert answer.body["message"] == message.format(port=port)


@pytest.mark.parametrize(("name", "status"), [("nosuch", 404), ("ftp:web:80", 400), ("a:b:c:d", 400)])
def test_a_strange_service_is_refused(server, name, status):
    assert server.call("GET", f"{SERVICES}/{name}/proxy/").status == status


def test_a_request_to_a_pod_reaches_it(server):
    with upstream(server) as port:
        server.call("POST", PODS, a_pod("web"))
        server.call("PATCH", f"{PODS}/p/status", {"status": {"podIP": "127.0.0.1"}}, content_type=MERGE)
        assert server.call("GET", f"{PODS}/p:{port}/proxy/version").body["path"] == "/version"


def test_a_pod_without_an_address_cannot_be_reached(server):
    server.call("POST", PODS, a_pod("web"))
    assert server.call("GET", f"{PODS}/p:80/proxy/").status == 400
