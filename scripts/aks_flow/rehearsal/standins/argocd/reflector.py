"""A local copy of all objects of one kind, kept current by list and watch."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator

from kubernetes.dynamic.resource import Resource
from urllib3.exceptions import HTTPError

from aks_flow.rehearsal.standins.argocd.api import ApiError, ClusterApi

log = logging.getLogger(__name__)

Changed = Callable[[dict, bool], None]  # an object, and whether it is gone
_NOT_FOUND = 404
_RETRY = 0.5  # seconds until a server that did not answer is asked again


class Reflector:
    """A thread lists and watches; the copy is read and changed in the event loop alone.

    ``namespace``: "" for all. ``changed`` is told of every object that came, changed or went.
    """

    def __init__(self, api: ClusterApi, resource: Resource, changed: Changed, namespace: str = ""):
        self._api, self._resource, self._namespace = api, resource, namespace
        self._changed = changed
        self._items: dict[tuple[str, str], dict] = {}
        self.ready = asyncio.Event()

    def __iter__(self) -> Iterator[dict]:
        return iter(list(self._items.values()))

    def get(self, namespace: str, name: str) -> dict | None:
        return self._items.get((namespace, name))

    def start(self) -> None:
        """Keep the copy current from now on, while the event loop lives; sets ``ready`` when it is whole."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._follow, args=(loop,), daemon=True).start()

    def store(self, item: dict) -> None:
        """Take over an object, unless the copy has it or a newer one."""
        earlier = self._items.get(_key(item))
        if earlier and _version(earlier) >= _version(item) and _uid(earlier) == _uid(item):
            return
        self._items[_key(item)] = item
        self._changed(item, False)

    def _follow(self, loop: asyncio.AbstractEventLoop) -> None:
        tell = loop.call_soon_threadsafe
        while not loop.is_closed():
            try:
                self._watch(tell, self._list(tell))
            except (ApiError, HTTPError) as error:
                log.warning("watching %s: %r", self._resource.name, error)
                if isinstance(error, ApiError) and error.code == _NOT_FOUND:
                    tell(self._replace, [])  # the kind itself is gone, and its objects with it
                time.sleep(_RETRY)
            except RuntimeError:  # of `tell`
                if not loop.is_closed():
                    raise

    def _list(self, tell: Callable) -> str:
        """The moment of the list, for the watch to begin at."""
        answer = self._api.list(self._resource, self._namespace)
        named = {"apiVersion": self._resource.group_version, "kind": self._resource.kind}
        tell(self._replace, [item | named for item in answer["items"]])  # items of a list lack their kind
        tell(self.ready.set)
        return answer["metadata"]["resourceVersion"]

    def _watch(self, tell: Callable, version: str) -> None:
        while True:  # a server ends each answer after a while
            for change, item in self._api.watch(self._resource, self._namespace, version):
                version = item["metadata"]["resourceVersion"]
                if change != "BOOKMARK":
                    tell(self._forget if change == "DELETED" else self.store, item)

    def _replace(self, items: list[dict]) -> None:
        """These are all that there are: what is not among them has gone."""
        left = {_key(item) for item in items}
        for item in [item for key, item in self._items.items() if key not in left]:
            self._forget(item)
        for item in items:
            self.store(item)

    def _forget(self, item: dict) -> None:
        self._items.pop(_key(item), None)
        self._changed(item, True)


def _key(item: dict) -> tuple[str, str]:
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]


def _version(item: dict) -> int:
    return int(item["metadata"]["resourceVersion"])


def _uid(item: dict) -> str:
    return item["metadata"]["uid"]
