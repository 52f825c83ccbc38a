"""What is in the cluster: a copy of every kind that an Application has to do with."""

import asyncio
from collections.abc import Callable, Iterable

from aks_flow.rehearsal.standins.argocd import refs
from aks_flow.rehearsal.standins.argocd.api import Api, Resource
from aks_flow.rehearsal.standins.argocd.discovery import Discovery
from aks_flow.rehearsal.standins.argocd.reflector import Reflector
from aks_flow.rehearsal.standins.argocd.refs import Ref


class Live:
    """``changed`` is told of every object of these kinds that came, changed or went."""

    def __init__(self, api: Api, discovery: Discovery, changed: Callable[[dict], None]):
        self._api, self._discovery, self._changed = api, discovery, changed
        self._reflectors: dict[tuple[str, str], Reflector] = {}
        self._tasks: set[asyncio.Task] = set()
        self._pulse = asyncio.Event()

    async def follow(self, kinds: Iterable[tuple[str, str]]) -> None:
        """From now on keep copies of these (apiVersion, kind); back when they are complete.

        A kind that the API does not serve has no objects.
        """
        for api_version, kind in kinds:
            resource = await self._discovery.find(api_version, kind)
            if resource:
                await self._reflector(resource).ready.wait()

    def _reflector(self, resource: Resource) -> Reflector:
        """One for each group and kind, whatever the versions in which they are wanted."""
        key = refs.group({"apiVersion": resource.api_version}), resource.kind
        if key not in self._reflectors:
            self._reflectors[key] = Reflector(self._api, resource, self._take)
            self._tasks.add(asyncio.create_task(self._reflectors[key].run()))
        return self._reflectors[key]

    def _take(self, item: dict, gone: bool) -> None:
        self._pulse.set()
        self._pulse = asyncio.Event()
        self._changed(item)

    async def next_change(self) -> None:
        """Back when something of what is followed has changed."""
        await self._pulse.wait()

    def get(self, ref: Ref) -> dict | None:
        reflector = self._reflectors.get((ref.group, ref.kind))
        return reflector.get(ref.namespace, ref.name) if reflector else None

    def tracked_by(self, application: str) -> list[dict]:
        return [
            item
            for reflector in self._reflectors.values()
            for item in reflector
            if refs.owner(item) == application
        ]
