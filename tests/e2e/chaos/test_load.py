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
from tests.e2e.chaos.scale import choose
from tests.e2e.standin import free_ports
from tests.package import ENVIRONMENT

DEPLOYMENTS, REPLICAS, WATCHERS = 40, 5, 20
CHANGES = choose(short=60, full=500)
PAUSE = 0.02  # seconds between two changes
LONGEST_MEDIAN = 0.050  # seconds
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
        wait.until(lambda: "serving on" in (folder / "log").read_text(), "the server", 20, pause=0.05)
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
    async with process.session() as session:
        names = await fill(session)
        revision = (await call(session, "GET", PODS))["metadata"]["resourceVersion"]
        watchers = [Watcher() for _ in range(WATCHERS)]
        tasks = [asyncio.create_task(each.watch(session, revision)) for each in watchers]
        await asyncio.gather(*(each.ready.wait() for each in watchers))
        sent, listed = await change(session, names)
        async with asyncio.timeout(30):
            while any(len(each.arrived.keys() & sent.keys()) < len(sent) for each in watchers):
                await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    delays = [each.arrived[key] - moment for each in watchers for key, moment in sent.items()]
    return {"list": statistics.median(listed), "watch": statistics.median(delays), "memory": process.memory}


async def change(session: aiohttp.ClientSession, names: list[str]) -> tuple[dict[str, float], list[float]]:
    """When each change was sent, and how long a list of all pods took after each."""
    sent, listed = {}, []
    for number, name in zip(range(CHANGES), itertools.cycle(names), strict=False):
        annotations = {"metadata": {"annotations": {"change": str(number)}}}
        sent[str(number)] = time.monotonic()
        await call(
            session, "PATCH", f"{PODS}/{name}", annotations, content_type="application/merge-patch+json"
        )
        began = time.monotonic()
        async with session.get(PODS) as answer:
            await answer.read()
        listed.append(time.monotonic() - began)
        await asyncio.sleep(PAUSE)
    return sent, listed


def test_two_hundred_pods_and_twenty_watchers_are_served_quickly(process):
    figures = asyncio.run(measure(process))
    print({name: round(value, 4) for name, value in figures.items()})
    assert figures["list"] <= LONGEST_MEDIAN
    assert figures["watch"] <= LONGEST_MEDIAN
    assert figures["memory"] <= MOST_MEMORY
