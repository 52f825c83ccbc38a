"""200 pods' worth of objects, 20 watchers and a stream of changes: answers stay quick, memory small."""

import asyncio
import itertools
import json
import re
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil
import pytest

from aks_flow.core import wait
from aks_flow.rehearsal.standins.kubernetes import credentials
from tests.e2e.scale import choose
from tests.package import ENVIRONMENT
from tests.ports import free_ports

DEPLOYMENTS, REPLICAS, WATCHERS = 40, 5, 20
CHANGES = choose(short=60, full=500)
PAUSE = 0.02  # seconds between two changes
MOST_WORK = 12  # parsings of the list of pods: for a change, its list, and what all watchers get of it
MOST_MEMORY = 200  # MB
_CHANGE = re.compile(rb'"change":"(\d+)"')
LABELS = {"app": "web"}
PODS = "/api/v1/namespaces/default/pods"


@dataclass(frozen=True)
class Process:
    """The stand-in cluster in a process of its own, without an engine: its pods stay objects."""

    url: str
    folder: Path
    process: subprocess.Popen

    def session(self) -> aiohttp.ClientSession:
        trust = ssl.create_default_context(cafile=str(self.folder / "tls.crt"))
        headers = {"Authorization": f"Bearer {(self.folder / 'token').read_text()}"}
        connector = aiohttp.TCPConnector(ssl=trust, limit=0)
        return aiohttp.ClientSession(self.url, headers=headers, connector=connector)

    @property
    def memory(self) -> float:
        """MB that it has in use."""
        return psutil.Process(self.process.pid).memory_info().rss / 2**20

    @property
    def work(self) -> float:
        """CPU seconds that it has taken since its start."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    folder, (port, ingress) = tmp_path_factory.mktemp("load"), free_ports(2)
    credentials.make(folder)
    command = [
        sys.executable,
        "-m",
        "aks_flow.rehearsal.standins.kubernetes",
        "--state",
        folder,
        "--port",
        str(port),
    ]
    command += ["--id", "load", "--registry", "localhost:1", "--helper-image", "none"]
    command += ["--ingress-port", str(ingress)]
    environment = {**ENVIRONMENT, "DOCKER_HOST": f"unix://{folder}/no-engine.sock"}
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        wait.until(lambda: "serving on" in (folder / "log").read_text(), "the server", 60, pause=0.05)
        yield Process(f"https://127.0.0.1:{port}", folder, running)
    finally:
        running.terminate()
        running.wait()


@dataclass
class Watcher:
    """Knows when each change arrived: by the value of the pod's annotation."""

    arrived: dict[str, float] = field(default_factory=dict)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self, session: aiohttp.ClientSession, revision: str) -> None:
        address = f"/api/v1/pods?watch=true&resourceVersion={revision}"
        async with session.get(address, timeout=aiohttp.ClientTimeout(total=None)) as answer:
            self.ready.set()
            async for line in answer.content:
                if found := _CHANGE.search(line):  # parsing it all would be most of the time measured
                    self.arrived.setdefault(found[1].decode(), time.monotonic())


async def call(
    session: aiohttp.ClientSession, method: str, path: str, body: object = None, **headers
) -> dict:
    data = json.dumps(body) if body is not None else None
    sent = {"Content-Type": headers.get("content_type", "application/json")}
    async with session.request(method, path, data=data, headers=sent) as answer:
        assert answer.status < 300, await answer.text()
        return await answer.json()


async def fill(session: aiohttp.ClientSession) -> list[str]:
    """Deployments whose controllers make the pods; the pods' names when all are there."""
    spec = {"containers": [{"name": "web", "image": "web", "env": [{"name": "A", "value": "x" * 100}]}]}
    template = {"metadata": {"labels": LABELS}, "spec": spec}
    wanted = {"replicas": REPLICAS, "selector": {"matchLabels": LABELS}}
    for number in range(DEPLOYMENTS):
        labels = LABELS | {"number": str(number)}
        selected = {
            "selector": {"matchLabels": labels},
            "template": template | {"metadata": {"labels": labels}},
        }
        item = {"metadata": {"name": f"web-{number}"}, "spec": wanted | selected}
        await call(session, "POST", "/apis/apps/v1/namespaces/default/deployments", item)
    async with asyncio.timeout(60):
        while len(found := (await call(session, "GET", PODS))["items"]) < DEPLOYMENTS * REPLICAS:
            await asyncio.sleep(0.1)
    return [each["metadata"]["name"] for each in found]


async def measure(process: Process) -> dict[str, float]:
    """Seconds (medians), MB, and the server's work for a change in parsings of a list: no load of the
    machine's moves the last, since both sides are CPU seconds."""
    async with process.session() as session:
        names = await fill(session)
        revision = (await call(session, "GET", PODS))["metadata"]["resourceVersion"]
        watchers = [Watcher() for _ in range(WATCHERS)]
        tasks = [asyncio.create_task(watcher.watch(session, revision)) for watcher in watchers]
        await asyncio.gather(*(watcher.ready.wait() for watcher in watchers))
        before = process.work
        sent, lists = await change(session, names)
        async with asyncio.timeout(60):
            while any(len(watcher.arrived.keys() & sent.keys()) < len(sent) for watcher in watchers):
                await asyncio.sleep(0.05)
        work = (process.work - before) / CHANGES
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    delays = [watcher.arrived[key] - moment for watcher in watchers for key, moment in sent.items()]
    return {
        "list": statistics.median(listing.seconds for listing in lists),
        "watch": statistics.median(delays),
        "memory": process.memory,
        "work": work / statistics.median(listing.parsing for listing in lists),
    }


@dataclass(frozen=True)
class Listing:
    seconds: float  # until all of it was here
    parsing: float  # CPU seconds


async def change(session: aiohttp.ClientSession, names: list[str]) -> tuple[dict[str, float], list[Listing]]:
    """When each change was sent, and the list of all pods that was asked for after each."""
    sent, lists = {}, []
    for number, name in zip(range(CHANGES), itertools.cycle(names), strict=False):
        annotations = {"metadata": {"annotations": {"change": str(number)}}}
        sent[str(number)] = time.monotonic()
        await call(
            session, "PATCH", f"{PODS}/{name}", annotations, content_type="application/merge-patch+json"
        )
        lists.append(await list_pods(session))
        await asyncio.sleep(PAUSE)
    return sent, lists


async def list_pods(session: aiohttp.ClientSession) -> Listing:
    began = time.monotonic()
    async with session.get(PODS) as answer:
        body = await answer.read()
    seconds, before = time.monotonic() - began, time.thread_time()
    json.loads(body)
    return Listing(seconds, time.thread_time() - before)


def test_two_hundred_pods_and_twenty_watchers_are_served_quickly(process):
    figures = asyncio.run(measure(process))
    print({name: round(value, 4) for name, value in figures.items()})
    assert figures["work"] <= MOST_WORK
    assert figures["memory"] <= MOST_MEMORY
