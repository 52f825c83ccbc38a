"""Random requests, valid and invalid: an answer to each, in time, and never the server's own failure."""

import asyncio
import itertools
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from aks_flow.rehearsal.standins.kubernetes import controllers
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.events import Recorder
from tests.e2e.chaos.requests import JSON, VALID, Asked, asked
from tests.e2e.scale import choose
from tests.unit.rehearsal.standins.kubernetes.conftest import DEADLINE, Server, serving

REQUESTS = choose(short=400, full=10_000)
SEED_EVERY = 50
# No node is there, a resource version lies ahead: what a standard server answers so too.
_MAY_BE = (503, 504)


class Faults(logging.Handler):
    """What was logged as an error, tracebacks included."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(logging.Formatter().format(record))


@pytest.fixture(scope="module")
def faults() -> Iterator[Faults]:
    handler = Faults()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, faults: Faults) -> Iterator[Server]:
    """The API with its controllers, and no node."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    with serving(folder / "cluster.db") as running:
        objects = running.api.objects
        work = asyncio.run_coroutine_threadsafe(controllers.run(objects, Recorder(objects)), running.loop)
        yield running
        assert not work.done(), "the controllers have ended"
        work.cancel()


def test_every_request_is_answered_and_nothing_fails(server, faults):
    count = itertools.count()

    @settings(max_examples=REQUESTS, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(asked())
    def ask(request: Asked) -> None:
        if next(count) % SEED_EVERY == 0:
            server.run(seed(server))
        status, text = server.run(send(server, request))
        assert status < 500 or status in _MAY_BE, (request, text)
        if status >= 400 and request.method != "HEAD":
            assert json.loads(text)["kind"] == "Status", (request, text)
        assert not faults.found, (request, faults.found)

    ask()
    works(server)


async def seed(server: Server) -> None:
    """Something of every kind to read, patch and delete."""
    for kind, item in VALID.items():
        for name in ("x", "web"):
            place = "/namespaces/default" if kind.namespaced else ""
            root = f"/apis/{kind.api_version}" if kind.group else f"/api/{kind.version}"
            named = json.dumps({"metadata": {"name": name}} | item).encode()
            await send(server, Asked("POST", f"{root}{place}/{kind.plural}", (), "*/*", JSON, named))


async def send(server: Server, request: Asked) -> tuple[int, str]:
    """The answer; of a watch, as much as comes at once."""
    url = URL(server.url + request.path, encoded=True).update_query(request.query)
    headers = server.headers | {"Accept": request.accept, "Content-Type": request.content_type}
    timeout = aiohttp.ClientTimeout(total=DEADLINE - 1)
    async with server.session.request(
        request.method, url, data=request.body, headers=headers, timeout=timeout
    ) as answer:
        if answer.status == 200 and request.watches:
            return answer.status, ""
        return answer.status, (await answer.read()).decode(errors="replace")


def works(server: Server) -> None:
    """After all that, a Deployment still becomes a pod."""
    spec = {"containers": [{"name": "web", "image": "web"}]}
    template = {"metadata": {"labels": {"app": "after"}}, "spec": spec}
    deployment = {
        "metadata": {"name": "after"},
        "spec": {"selector": {"matchLabels": {"app": "after"}}, "template": template},
    }
    place = "/api/v1/namespaces/after"
    assert server.call("POST", "/api/v1/namespaces", {"metadata": {"name": "after"}}).status == 201
    assert server.call("POST", "/apis/apps/v1/namespaces/after/deployments", deployment).status == 201
    with server.watch(f"{place}/pods?watch=true&resourceVersion=0") as events:
        assert events.next_name()[1].startswith("after-")


def test_bytes_that_are_no_request_are_refused_in_a_line(server, faults):
    @settings(
        max_examples=REQUESTS // 20, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.sampled_from([b"", b"X ", b"GET ", b"GET / HTTP/1.1\r\n"]), st.binary(min_size=1, max_size=40))
    def throw(start: bytes, noise: bytes) -> None:
        said = server.run(raw(server, start + noise + b"\r\n\r\n"))
        assert not said or said.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), (start, noise, said)
        assert not faults.found, (start, noise, faults.found)

    throw()


async def raw(server: Server, sent: bytes) -> bytes:
    """The first line that comes back; b"" if the server waits for more or hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", URL(server.url).port)
    try:
        writer.write(sent)
        writer.write_eof()
        return await reader.readline()
    finally:
        writer.close()


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic Og=="}])
def test_the_token_is_required_everywhere(server, given):
    paths = [
        "/",
        "/api",
        "/apis",
        "/version",
        "/healthz",
        "/readyz",
        "/openapi/v2",
        "/openapi/v3",
        "/no/such/path",
    ]
    for kind in kinds.BUILTIN:
        root = f"/apis/{kind.api_version}" if kind.group else f"/api/{kind.version}"
        place = f"{root}/namespaces/default/{kind.plural}" if kind.namespaced else f"{root}/{kind.plural}"
        paths += [root, place, f"{place}/x", *(f"{place}/x/{part}" for part in kind.subresources)]
    server.run(refused(server, paths, given))


async def refused(server: Server, paths: list[str], headers: dict[str, str]) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    for path in paths:
        for method, more in (("GET", {}), ("POST", {}), ("DELETE", {}), ("GET", upgrade)):
            async with server.session.request(method, server.url + path, headers=headers | more) as answer:
                assert answer.status == 401, (method, path, more)
