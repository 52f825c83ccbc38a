"""The cluster's API, by the Kubernetes project's own client. It blocks: each call here waits in a thread."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from kubernetes.client import ApiClient, ApiException, Configuration
from kubernetes.config import load_kube_config
from kubernetes.dynamic import DynamicClient
from kubernetes.dynamic.exceptions import DynamicApiError, ResourceNotFoundError
from kubernetes.dynamic.resource import Resource

_MERGE_PATCH = "application/merge-patch+json"
_CONNECTIONS = 32  # that are kept open; each kind that is watched takes one
_ANSWERS_WITHIN = 30  # seconds


class ApiError(Exception):
    """The API server said no: its HTTP code and its message."""

    def __init__(self, code: int, message: str):
        super().__init__(message)
        self.code = code


class ClusterApi:
    """Objects are plain dicts. Every method raises ApiError for an answer that is a refusal."""

    def __init__(self, client: DynamicClient):
        self._client, self._discovering = client, threading.Lock()

    @classmethod
    def connect(cls, kubeconfig: Path, cache: Path) -> "ClusterApi":
        """At the current context's cluster, which must answer; ``cache``: a file for what kinds it serves."""
        settings = Configuration()
        load_kube_config(str(kubeconfig), client_configuration=settings, persist_config=False)
        settings.proxy = None  # the cluster is on this machine
        settings.connection_pool_maxsize = _CONNECTIONS
        cache.unlink(missing_ok=True)  # of an earlier cluster
        return cls(DynamicClient(ApiClient(settings), cache_file=str(cache)))

    def find(self, api_version: str, kind: str) -> Resource | None:
        """The kind as it is served, None if it is not. Blocks; what was not there is asked for again."""
        group, _, version = api_version.rpartition("/")
        place = {"prefix": "apis", "group": group} if group else {"prefix": "api"}
        with self._discovering:
            try:
                return self._client.resources.get(**place, api_version=version, kind=kind)
            except ResourceNotFoundError:
                return None

    def list(self, resource: Resource, namespace: str = "") -> dict:
        """All objects of a kind, "" for those of every namespace. Blocks."""
        return _answer(resource.get, namespace=namespace or None)

    def watch(self, resource: Resource, namespace: str, version: str) -> Iterator[tuple[str, dict]]:
        """(type, object) from a resource version on, until the server ends the answer. Blocks."""
        inside = {"namespace": namespace or None, "resource_version": version}
        try:
            for event in resource.watch(**inside, allow_watch_bookmarks=True):
                yield event["type"], event["raw_object"]
        except ApiException as error:
            raise ApiError(error.status, str(error.reason)) from error

    async def is_namespaced(self, api_version: str, kind: str) -> bool | None:
        """None for a kind that is not served."""
        resource = await asyncio.to_thread(self.find, api_version, kind)
        return resource.namespaced if resource else None

    async def has(self, api_version: str, kind: str, name: str) -> bool:
        """Whether there is an object of that name, of a kind that lives in no namespace."""
        try:
            await self._call("get", {"apiVersion": api_version, "kind": kind}, name=name)
        except ApiError as error:
            if error.code == 404:
                return False
            raise
        return True

    async def read(self, api_version: str, kind: str, namespace: str, name: str) -> dict:
        asked = {"apiVersion": api_version, "kind": kind}
        return await self._call("get", asked, name=name, namespace=namespace)

    async def create(self, item: dict) -> dict:
        return await self._call("create", item, body=item, namespace=_namespace(item))

    async def patch(self, item: dict, changes: dict) -> dict:
        """A merge patch of the object: lists are replaced, None removes."""
        return await self._call("patch", item, **_named(item), body=changes, content_type=_MERGE_PATCH)

    async def patch_status(self, item: dict, changes: dict) -> dict:
        """The same of the status, of a kind that has it apart."""
        body = {"body": {"status": changes}, "content_type": _MERGE_PATCH}
        return await asyncio.to_thread(self._ask, "patch", item, {**_named(item), **body}, "status")

    async def delete(self, item: dict, propagation: str) -> dict:
        """Ask for the removal of the very object that was seen."""
        metadata = item["metadata"]
        options = {"propagationPolicy": propagation, "preconditions": {"uid": metadata["uid"]}}
        return await self._call(
            "delete", item, name=metadata["name"], namespace=_namespace(item), body=options
        )

    async def _call(self, verb: str, item: dict, **arguments: object) -> dict:
        return await asyncio.to_thread(self._ask, verb, item, arguments)

    def _ask(self, verb: str, item: dict, arguments: dict, part: str = "") -> dict:
        resource = self.find(item["apiVersion"], item["kind"])
        if not resource:
            raise ApiError(404, f"the cluster serves no {item['kind']} of {item['apiVersion']}")
        return _answer(getattr(resource.subresources[part] if part else resource, verb), **arguments)


def _answer(call: Callable, **arguments: object) -> dict:
    try:
        return call(**arguments, serializer=lambda _, answer: answer, _request_timeout=_ANSWERS_WITHIN)
    except DynamicApiError as error:
        raise ApiError(error.status, error.summary()) from error


def _named(item: dict) -> dict:
    return {"name": item["metadata"]["name"], "namespace": _namespace(item)}


def _namespace(item: dict) -> str | None:
    return item["metadata"].get("namespace")
