"""A local copy of all objects of one kind, kept current by list and watch."""

import asyncio
import logging
from collections.abc import Callable, Iterator

import aiohttp

from aks_flow.rehearsal.standins.argocd.api import Api, ApiError, Resource

log = logging.getLogger(__name__)

Changed = Callable[[dict, bool], None]  # an object, and whether it is gone
_NOT_FOUND = 404
_RETRY = 0.5  # seconds until a server that did not answer is asked again


class Reflector:
    """``namespace``: "" for all. ``changed`` is told of every object that came, changed or went."""

    def __init__(self, api: Api, resource: Resource, changed: Changed, namespace: str = ""):
        self._api, self._resource, self._changed = api, resource, changed
        self._path = resource.path(namespace)
        self._items: dict[tuple[str, str], dict] = {}
        self.ready = asyncio.Event()

    def __iter__(self) -> Iterator[dict]:
        return iter(list(self._items.values()))

    def get(self, namespace: str, name: str) -> dict | None:
        return self._items.get((namespace, name))

    def store(self, item: dict) -> None:
        """Take over an answer of the API server without waiting for the watch to tell."""
        self._take("MODIFIED", self._typed(item))

    async def run(self) -> None:
        while True:
            try:
                await self._follow(await self._list())
            except (ApiError, aiohttp.ClientError, TimeoutError) as error:
                log.warning("watching %s: %r", self._resource.plural, error)
                if isinstance(error, ApiError) and error.code == _NOT_FOUND:
                    self._keep([])  # the kind itself is gone, and its objects with it
                await asyncio.sleep(_RETRY)

    async def _list(self) -> str:
        answer = await self._api.get(self._path)
        found = [self._typed(item) for item in answer["items"]]
        self._keep(found)
        for item in found:
            self._take("MODIFIED", item)
        self.ready.set()
        return answer["metadata"]["resourceVersion"]

    def _keep(self, found: list[dict]) -> None:
        """What is not among these has gone."""
        gone = self._items.keys() - {_key(item) for item in found}
        for item in [self._items[key] for key in gone]:
            self._take("DELETED", item)

    async def _follow(self, version: str) -> None:
        while True:
            async for kind, item in self._api.watch(self._path, version):
                version = item["metadata"]["resourceVersion"]
                if kind != "BOOKMARK":
                    self._take(kind, self._typed(item))

    def _take(self, kind: str, item: dict) -> None:
        if kind == "DELETED":
            self._items.pop(_key(item), None)
        else:
            before = self._items.get(_key(item))
            if before and _version(before) >= _version(item) and _uid(before) == _uid(item):
                return
            self._items[_key(item)] = item
        self._changed(item, kind == "DELETED")

    def _typed(self, item: dict) -> dict:
        """The items of a list do not carry their kind."""
        return item | {"apiVersion": self._resource.api_version, "kind": self._resource.kind}


def _key(item: dict) -> tuple[str, str]:
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]


def _version(item: dict) -> int:
    return int(item["metadata"]["resourceVersion"])


def _uid(item: dict) -> str:
    return item["metadata"]["uid"]
