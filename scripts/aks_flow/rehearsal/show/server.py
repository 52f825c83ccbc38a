"""The page's server: shows the events as they are written, and makes the report when the run has ended.

`python -m aks_flow.rehearsal.show.server FOLDER PID` listens on a free loopback port, and writes its address,
whose path is a token that nobody can guess, into FOLDER/address. It ends with the process PID, and writes the
report even if that was killed. It is a process of its own so that who looks on slows no delivery down.
"""

import asyncio
import hmac
import json
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from aks_flow.rehearsal.show import page, recording, summary
from aks_flow.rehearsal.standins.process.processes import running

ADDRESS = "address"
HTML, JSON = "report.html", "report.json"
_LOOK = 0.1  # seconds between two looks at the file
_BEAT = 15  # seconds of silence after which a line keeps the connection
_LINGER = 2  # seconds for pages to hear the end
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class EventFile:
    """The lines so far; ``changed`` wakes everybody who waits for more."""

    def __init__(self, file: Path):
        self._file, self._place = file, 0
        self.lines: list[str] = []
        self.changed = asyncio.Condition()

    async def look(self) -> None:
        """Take in whole lines that are new; the rest of one that is being written comes later."""
        if self._file.stat().st_size == self._place:
            return
        with self._file.open("rb") as stream:
            stream.seek(self._place)
            whole = stream.read().rpartition(b"\n")[0]
        if whole:
            self._place += len(whole) + 1
            self.lines += whole.decode(errors="replace").split("\n")
            async with self.changed:
                self.changed.notify_all()


def application(events: EventFile, token: str, hosts: set[str]) -> web.Application:
    """hosts: what the Host header may say; set once the port is known."""

    @web.middleware
    async def guard(request: web.Request, handler) -> web.StreamResponse:
        """Neither another site by a name of its own (DNS rebinding) nor a guess gets in."""
        if request.host not in hosts:
            raise web.HTTPMisdirectedRequest(text="this page is for this machine alone\n")
        if not hmac.compare_digest(request.match_info.get("token", "").encode(), token.encode()):
            raise web.HTTPNotFound(text="the address is incomplete: use the one that the rehearsal printed\n")
        return await handler(request)

    async def show(_: web.Request) -> web.Response:
        begin = json.loads(events.lines[0]) if events.lines else {"project": ""}
        text = page.show_page(begin["project"])
        return web.Response(text=text, content_type="text/html", headers=_HEADERS)

    async def follow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        with suppress(ConnectionResetError, asyncio.CancelledError):
            await _send(response, events, _next(request.headers.get("Last-Event-ID", "")))
        return response

    server = web.Application(middlewares=[guard])
    server.add_routes([web.get("/{token}/", show), web.get("/{token}/events", follow)])
    return server


def _next(last: str) -> int:
    """The first event that a page lacks: all for a new one."""
    return int(last) + 1 if last.isascii() and last.isdecimal() and len(last) < 10 else 0


async def _send(response: web.StreamResponse, events: EventFile, place: int) -> None:
    while True:
        for line in events.lines[place:]:
            await response.write(f"id: {place}\ndata: {line}\n\n".encode())
            place += 1
        async with events.changed:
            if place < len(events.lines):
                continue
            try:
                await asyncio.wait_for(events.changed.wait(), _BEAT)
            except TimeoutError:
                await response.write(b": still here\n\n")


async def serve(folder: Path, pid: int) -> None:
    """Until the run has ended, in whatever way."""
    events, token, hosts = EventFile(folder / recording.EVENTS), secrets.token_urlsafe(24), set()
    runner = web.AppRunner(application(events, token, hosts), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=_LINGER).start()
    port = runner.addresses[0][1]
    hosts |= {f"127.0.0.1:{port}", f"localhost:{port}"}
    _publish(folder, f"http://127.0.0.1:{port}/{token}/")
    while not _has_ended(events):
        if not running(pid):
            await events.look()  # its last words
            if not _has_ended(events):
                text = "the rehearsal was killed: this is what happened until then"
                recording.append(folder / recording.EVENTS, "end", outcome=summary.KILLED, text=text)
        await events.look()
        await asyncio.sleep(_LOOK)
    write_report(folder.parent, summary.read(events.lines))
    (folder / ADDRESS).unlink()
    await asyncio.sleep(_LINGER)
    await runner.cleanup()


def _has_ended(events: EventFile) -> bool:
    return bool(events.lines) and '"kind": "end"' in events.lines[-1]


def _publish(folder: Path, address: str) -> None:
    """For this user alone: whoever has the address sees the page."""
    draft = folder / f"{ADDRESS}.new"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(address)
    draft.replace(folder / ADDRESS)


def write_report(folder: Path, events: list[dict]) -> None:
    """report.html and report.json, each whole or not at all."""
    texts = {HTML: summary.as_page(events), JSON: json.dumps(summary.as_document(events), indent=2)}
    for name, text in texts.items():
        draft = folder / f"{name}.new"
        draft.write_text(text, encoding="utf-8")
        draft.replace(folder / name)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
