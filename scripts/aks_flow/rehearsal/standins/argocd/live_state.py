"""What is in the cluster: a copy of every kind that an Application has to do with."""

import asyncio
from collections.abc import Callable, Iterable

from kubernetes.dynamic.resource import Resource

from aks_flow.rehearsal.standins.argocd import object_refs
from aks_flow.rehearsal.standins.argocd.api import ClusterApi
from aks_flow.rehearsal.standins.argocd.object_refs import Ref
from aks_flow.rehearsal.standins.argocd.reflector import Reflector


class LiveStateCache:
    """``changed`` is told of every object of these kinds that came, changed or went."""

    def __init__(self, api: ClusterApi, changed: Callable[[dict], None]):
        self._api, self._changed = api, changed
        self._reflectors: dict[tuple[str, str], Reflector] = {}
        self._pulse = asyncio.Event()

    async def follow(self, kinds: Iterable[tuple[str, str]]) -> None:
        """From now on keep copies of these (apiVersion, kind); return when they are complete.

        A kind that the API does not serve has no objects.
        """
        for api_version, kind in kinds:
            key = api_version.rpartition("/")[0], kind
            if key not in self._reflectors:
                self._start(key, await asyncio.to_thread(self._api.find, api_version, kind))
            if key in self._reflectors:
                await self._reflectors[key].ready.wait()

    def _start(self, key: tuple[str, str], resource: Resource | None) -> None:
        """One reflector for each group and kind, whatever the versions in which manifests write it."""
        if resource and key not in self._reflectors:
            self._reflectors[key] = Reflector(self._api, resource, self._take)
            self._reflectors[key].start()

    def _take(self, item: dict, gone: bool) -> None:
        self._pulse.set()
        self._pulse = asyncio.Event()
        self._changed(item)

    def next_change(self) -> asyncio.Event:
        """Set when an object of a followed kind next changes: take it before looking, so as to miss none."""
        return self._pulse

    def get(self, ref: Ref) -> dict | None:
        reflector = self._reflectors.get((ref.group, ref.kind))
        return reflector.get(ref.namespace, ref.name) if reflector else None

    def tracked_by(self, application: str) -> list[dict]:
        """The objects that carry the Application's tracking id."""
        return [
            item
            for reflector in self._reflectors.values()
            for item in reflector
            if object_refs.owner(item) == application
        ]
