"""watch: a stream of events, one JSON object a line."""

import asyncio
import contextlib
import random
from collections.abc import Iterator

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api import parameters
from aks_flow.rehearsal.standins.kubernetes.api.read import check_version, shape
from aks_flow.rehearsal.standins.kubernetes.api.responses import Form, dump, negotiate
from aks_flow.rehearsal.standins.kubernetes.api.selection import Selection
from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import versions
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.reading import deep_copy
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange, Watch
from aks_flow.rehearsal.standins.kubernetes.store import ADDED, DELETED, MODIFIED

# Seconds without an event after which a bookmark tells the client where it stands.
_BOOKMARK_INTERVAL = 60
_LAST_BOOKMARK = 2
_INITIAL_EVENTS_END = {"k8s.io/initial-events-end": "true"}


class _Stream:
    """The events of one watch, in the form its client asked for."""

    def __init__(self, request: web.Request, target: RequestTarget, form: Form, selection: Selection):
        self._request, self._target, self._form, self._selection = request, target, form, selection
        self._headers = True

    def events(self, change: ObjectChange) -> Iterator[bytes]:
        """The event a change is for this selection: entering it is ADDED, leaving it DELETED."""
        now = change.type != DELETED and self._selection.matches(change.object)
        before = change.type != ADDED and self._selection.matches(change.previous)
        if now:
            yield self._shared(MODIFIED if before else ADDED, change)
        elif before:
            left = deep_copy(change.previous)
            left["metadata"]["resourceVersion"] = str(change.revision)
            yield self.event(DELETED, left)

    def _shared(self, kind: str, change: ObjectChange) -> bytes:
        """An object's event, made once for all watches that show it whole."""
        if self._form.shape:
            return self.event(kind, change.object)
        key = (kind, self._target.kind)
        if key not in change.lines:
            change.lines[key] = self.event(kind, change.object)
        return change.lines[key]

    def event(self, kind: str, item: dict) -> bytes:
        item = versions.present(self._target.kind, item)
        shaped = shape(self._form, self._request, self._target.kind, item, headers=self._headers)
        self._headers = False
        return _line(kind, shaped)

    def bookmark(self, revision: int, annotations: dict | None = None) -> bytes:
        metadata = {"resourceVersion": str(revision), "creationTimestamp": None}
        kind = self._target.kind
        item = {"kind": kind.kind, "apiVersion": kind.api_version}
        return _line(
            "BOOKMARK", item | {"metadata": metadata | ({"annotations": annotations} if annotations else {})}
        )


async def watch(request: web.Request, objects: Objects, target: RequestTarget) -> web.StreamResponse:
    form = negotiate(request)
    parameters.check_version_match(request.query)
    check_version(request, objects)
    selection = Selection.of(request.query, target)
    limit = parameters.number(request.query, "timeoutSeconds") or random.randint(1800, 3600)
    response = web.StreamResponse(
        headers={"Content-Type": "application/json", "Cache-Control": "no-cache, private"}
    )
    await response.prepare(request)
    stream = _Stream(request, target, form, selection)
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(limit):
            await _send(request, response, objects, target, stream, limit)
    with contextlib.suppress(ConnectionError):
        await response.write_eof()
    return response


async def _send(
    request, response, objects: Objects, target: RequestTarget, stream: _Stream, limit: int
) -> None:
    end = asyncio.get_running_loop().time() + limit
    since = parameters.number(request.query, "resourceVersion")
    initial = parameters.flag(request.query, "sendInitialEvents")
    try:
        live = Watch(objects.store, [target.kind], None if initial or not since else since)
    except StatusError as error:
        await response.write(_line("ERROR", error.body()))
        return
    bookmarks = parameters.flag(request.query, "allowWatchBookmarks")
    try:
        for change in live.backlog():
            for line in stream.events(change):
                await response.write(line)
        if initial and bookmarks:
            await response.write(stream.bookmark(live.start, _INITIAL_EVENTS_END))
        await _follow(response, live, stream, bookmarks, end)
    finally:
        live.close()


async def _follow(response, live: Watch, stream: _Stream, bookmarks: bool, end: float) -> None:
    while True:
        pause = bookmark_pause(end - asyncio.get_running_loop().time())
        try:
            change = await asyncio.wait_for(live.next(), pause)
        except TimeoutError:
            if bookmarks:
                await response.write(stream.bookmark(live.revision))
            continue
        for line in stream.events(change):
            await response.write(line)


def bookmark_pause(left: float) -> float:
    """Seconds until a bookmark is due, if the watch ends in ``left``: the last one comes before that."""
    before_the_end = left - _LAST_BOOKMARK
    return before_the_end if 0 < before_the_end < _BOOKMARK_INTERVAL else _BOOKMARK_INTERVAL


def _line(kind: str, item: dict) -> bytes:
    return dump({"type": kind, "object": item}) + b"\n"
