"""A cluster's API without controllers and without a node: objects are kept, pods are not run."""

import asyncio
import json
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes import credentials
from aks_flow.rehearsal.standins.kubernetes.api.app import Api
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.store import ObjectStore

TOKEN = "a-token-for-tests"
DEADLINE = 60  # seconds that any one step of a test may take


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> dict:
        return json.loads(self.text)


@dataclass
class Server:
    """The API on a free port, on a loop of its own; ``call`` may be used from any thread."""

    api: Api
    url: str
    session: aiohttp.ClientSession
    loop: asyncio.AbstractEventLoop
    headers: dict[str, str] = field(default_factory=lambda: {"Authorization": f"Bearer {TOKEN}"})

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """One request; a dict or list is sent as JSON, with ``content_type`` if that is given."""
        data = json.dumps(body) if isinstance(body, dict | list) else body
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if data is not None:
            sent.setdefault("content-type", "application/json")
        return self.run(self._call(method, path, data, sent))

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(DEADLINE)

    async def _call(self, method: str, path: str, data, headers: dict[str, str]) -> Answer:
        async with self.session.request(method, self.url + path, data=data, headers=headers) as answer:
            return Answer(answer.status, dict(answer.headers), await answer.text())

    @contextmanager
    def watch(self, path: str, **headers: str) -> Iterator["Events"]:
        """The events of a watch, one at a time."""
        timeout = aiohttp.ClientTimeout(total=None)
        request = self.session.get(self.url + path, headers=self.headers | headers, timeout=timeout)
        answer = self.run(request.__aenter__())
        try:
            yield Events(self, answer)
        finally:
            self.loop.call_soon_threadsafe(answer.close)


@dataclass
class Events:
    server: Server
    answer: aiohttp.ClientResponse

    def next(self) -> dict | None:
        """The next event within the deadline; None at the end of the stream."""
        line = self.server.run(self.answer.content.readline())
        return json.loads(line) if line else None

    def next_name(self) -> tuple[str, str]:
        event = self.next()
        return event["type"], event["object"]["metadata"].get("name", "")


@pytest.fixture
def objects(tmp_path: Path) -> Iterator[Objects]:
    store = ObjectStore(tmp_path / "cluster.db")
    cluster_objects = Objects(store)
    cluster_objects.service_network = IPv4Network("10.96.128.0/17")
    yield cluster_objects
    store.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "cluster.db") as running:
        yield running


@contextmanager
def serving(database: Path, ssl_context=None) -> Iterator[Server]:
    """A server on that database until the end of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    running, stop = asyncio.run_coroutine_threadsafe(_start(database, ssl_context), loop).result(DEADLINE)
    try:
        yield running
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(DEADLINE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def serving_kubectl(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with TLS, without which kubectl sends no token, and ``kubeconfig`` in the folder."""
    credentials.make(folder)
    monkeypatch.setattr(sys.modules[__name__], "TOKEN", (folder / "token").read_text())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.crt", folder / "tls.key")
    with serving(folder / "cluster.db", context) as running:
        port = int(running.url.rpartition(":")[2])
        (folder / "kubeconfig").write_text(credentials.kubeconfig(folder, port))
        yield running


async def _start(database: Path, ssl_context):
    store = ObjectStore(database)
    objects = Objects(store, certificate="PEM")
    objects.service_network = IPv4Network("10.96.128.0/17")
    api = Api(objects)
    runner = api.runner(TOKEN)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=ssl_context)
    await site.start()
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False))
    port = runner.addresses[0][1]
    url = f"{'https' if ssl_context else 'http'}://127.0.0.1:{port}"

    async def stop() -> None:
        await session.close()
        await runner.cleanup()
        store.close()

    return Server(api, url, session, asyncio.get_running_loop()), stop
