"""A client of the Kubernetes API: the few calls that the controller makes."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp

from aks_flow.rehearsal.standins.argocd.kubeconfig import Access

MERGE_PATCH = "application/merge-patch+json"
_GONE = 410
_LONGEST_LINE = 2**24  # bytes of one watch event


class ApiError(Exception):
    """The API server said no: its HTTP code, reason and message."""

    def __init__(self, code: int, reason: str, message: str):
        super().__init__(message)
        self.code, self.reason = code, reason


@dataclass(frozen=True)
class Resource:
    """A kind as the API serves it."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool

    def path(self, namespace: str = "", name: str = "") -> str:
        root = "/apis" if "/" in self.api_version else "/api"
        inside = ("namespaces", namespace) if namespace and self.namespaced else ()
        return "/".join((root, self.api_version, *inside, self.plural, *filter(None, [name])))


class Api:
    """Connected while it is used as a context manager."""

    def __init__(self, access: Access):
        self._access = access

    async def __aenter__(self) -> "Api":
        self._session = aiohttp.ClientSession(
            base_url=self._access.server,
            headers={"Authorization": f"Bearer {self._access.token}"},
            connector=aiohttp.TCPConnector(ssl=self._access.trust, limit=0),
            read_bufsize=_LONGEST_LINE,
        )
        return self

    async def __aexit__(self, *_) -> None:
        await self._session.close()

    async def get(self, path: str, **parameters: str) -> dict:
        return await self._call("GET", path, parameters)

    async def create(self, path: str, item: dict) -> dict:
        return await self._call("POST", path, json=item)

    async def patch(self, path: str, changes: dict) -> dict:
        """A merge patch: lists are replaced, null removes."""
        headers = {"Content-Type": MERGE_PATCH}
        return await self._call("PATCH", path, data=json.dumps(changes), headers=headers)

    async def delete(self, path: str, propagation: str, uid: str) -> dict:
        """Ask for the removal of the very object that was seen."""
        options = {"propagationPolicy": propagation, "preconditions": {"uid": uid}}
        return await self._call("DELETE", path, json=options)

    async def watch(self, path: str, version: str, **parameters: str) -> AsyncIterator[tuple[str, dict]]:
        """(type, object) from a resource version on, until the server ends the answer."""
        parameters |= {"watch": "true", "resourceVersion": version, "allowWatchBookmarks": "true"}
        endless = aiohttp.ClientTimeout(total=None, sock_connect=5)
        async with self._session.get(path, params=parameters, timeout=endless) as answer:
            await _refuse(answer)
            async for line in answer.content:
                event = json.loads(line)
                if event["type"] == "ERROR":
                    raise ApiError(
                        event["object"].get("code", _GONE), "Expired", event["object"].get("message", "")
                    )
                yield event["type"], event["object"]

    async def _call(self, method: str, path: str, parameters: dict | None = None, **body) -> dict:
        timeout = aiohttp.ClientTimeout(total=30)
        async with self._session.request(method, path, params=parameters, timeout=timeout, **body) as answer:
            await _refuse(answer)
            return await answer.json()


async def _refuse(answer: aiohttp.ClientResponse) -> None:
    if answer.status >= 400:
        text = await answer.text()
        try:
            status = json.loads(text)
        except ValueError:
            status = {}
        raise ApiError(answer.status, status.get("reason", ""), status.get("message", text))
