"""A real browser without a screen, over the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/)."""

import asyncio
import base64
import itertools
import json
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

_WITHIN = 60  # seconds
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
_FLAGS += ("--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0")
_UNHEARD = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Tab:
    """One page. problems: what it complained of. asked: the addresses of its requests."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse):
        self._socket, self._numbers = socket, itertools.count(1)
        self._answers: dict[int, asyncio.Future] = {}
        self._loaded = asyncio.Event()
        self.problems: list[str] = []
        self.asked: list[str] = []

    async def listen(self) -> None:
        async for message in self._socket:
            event = json.loads(message.data)
            if event.get("id") in self._answers:
                self._answers.pop(event["id"]).set_result(event)
            else:
                self._hear(event.get("method", ""), event.get("params", {}))

    def _hear(self, method: str, told: dict) -> None:
        if method == "Page.loadEventFired":
            self._loaded.set()
        elif method == "Network.requestWillBeSent":
            self.asked.append(told["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(told["exceptionDetails"]))
        elif method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.problems.append(json.dumps(told["entry"]))
        elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert"):
            self.problems.append(json.dumps(told["args"]))

    async def do(self, method: str, **params: object) -> dict:
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        result = await asyncio.wait_for(answer, _WITHIN)
        assert "error" not in result, result
        return result["result"]

    async def look(self, width: int, height: int, dark: bool = False, still: bool = False) -> None:
        """The size of the window, and what its person prefers."""
        mobile = width < 500
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}
        await self.do("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        motion = {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}
        await self.do("Emulation.setEmulatedMedia", features=[scheme, motion])

    async def open(self, url: str) -> None:
        self._loaded.clear()
        await self.do("Page.navigate", url=url)
        await asyncio.wait_for(self._loaded.wait(), _WITHIN)

    async def value(self, expression: str) -> object:
        """Of a JavaScript expression, or of what it promises."""
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        answer = await self.do("Runtime.evaluate", **asked)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def until(self, expression: str) -> None:
        """TimeoutError unless the expression comes true."""
        look = f"const look = () => ({expression}) ? is(true) : setTimeout(look, 50)"
        assert await asyncio.wait_for(self.value(f"new Promise((is) => {{ {look}; look(); }})"), _WITHIN)

    async def violations(self, axe: str) -> list[str]:
        """What axe finds wrong on the page, a line for each. axe: its script."""
        await self.value(f"{axe}; null")
        found = await self.value("axe.run().then((result) => result.violations)")
        return [f"{item['id']}: {node['html'][:200]}" for item in found for node in item["nodes"]]

    async def picture(self, file: Path) -> None:
        """The whole page, as a PNG."""
        answer = await self.do("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(answer["data"]))


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Tab]:
    """One tab of a browser of its own. folder: for its profile."""
    command = ["chromium", *_FLAGS, f"--user-data-dir={folder}", "about:blank"]
    with (
        tempfile.TemporaryDirectory(prefix="aks-flow-") as left,  # its socket: a short name, as sockets need
        subprocess.Popen(command, env={**os.environ, "TMPDIR": left}, **_UNHEARD) as process,
    ):
        try:
            port = await _port(folder / "DevToolsActivePort")
            async with aiohttp.ClientSession() as session, _tab(session, port) as tab:
                yield tab
        finally:
            process.terminate()


async def _port(file: Path) -> int:
    async with asyncio.timeout(_WITHIN):
        while not (file.is_file() and file.read_text().strip()):
            await asyncio.sleep(0.05)
    return int(file.read_text().splitlines()[0])


@asynccontextmanager
async def _tab(session: aiohttp.ClientSession, port: int) -> AsyncIterator[Tab]:
    async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
        pages = [target for target in await answer.json() if target["type"] == "page"]
    address = pages[0]["webSocketDebuggerUrl"]
    async with session.ws_connect(address, max_msg_size=0) as socket:
        tab = Tab(socket)
        listening = asyncio.create_task(tab.listen())
        for domain in ("Page", "Network", "Runtime", "Log"):
            await tab.do(f"{domain}.enable")
        try:
            yield tab
        finally:
            listening.cancel()
