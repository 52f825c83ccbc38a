"""Runs controllers: changes become keys in a queue, and each key is reconciled until that succeeds."""

import asyncio
import logging
from collections.abc import Callable, Hashable, Iterable
from typing import Protocol

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.controllers.queue import WorkQueue
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange

log = logging.getLogger(__name__)

Keys = Callable[[ObjectChange], Iterable[Hashable]]


class Controller(Protocol):
    """Brings the objects of one kind to what their spec asks for."""

    name: str

    def watches(self) -> dict[Kind | None, Keys]:
        """For each kind that matters, the keys that a change of it concerns; None stands for every kind."""

    def reconcile(self, key: Hashable) -> float | None:
        """Read, decide and act for one key; gives the seconds after which to look again, if any."""


class Runtime:
    """All controllers on one queue, in one loop. A failure is logged and retried; it stops nothing."""

    def __init__(self, objects: Objects, controllers: Iterable[Controller]):
        self._objects = objects
        self._watches = [(controller, controller.watches()) for controller in controllers]
        self._queue = WorkQueue()
        self._followed: set[str] = set()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._follow_new_kinds(tasks)
            tasks.create_task(self._work())

    def _follow_new_kinds(self, tasks: asyncio.TaskGroup) -> None:
        new = [kind for kind in self._objects.kinds if kind.resource not in self._followed]
        if new:
            self._followed |= {kind.resource for kind in new}
            tasks.create_task(self._follow(new, tasks))

    async def _follow(self, followed: list[Kind], tasks: asyncio.TaskGroup) -> None:
        async for change in self._objects.watch(followed):
            self._dispatch(change)
            if change.kind == kinds.CUSTOM_RESOURCE_DEFINITION:
                self._follow_new_kinds(tasks)

    def _dispatch(self, change: ObjectChange) -> None:
        for controller, watches in self._watches:
            for keys in (watches.get(change.kind), watches.get(None)):
                if keys:
                    self._enqueue(controller, keys, change)

    def _enqueue(self, controller: Controller, keys: Keys, change: ObjectChange) -> None:
        try:
            for key in keys(change):
                self._queue.add((controller, key))
        except Exception:
            log.exception("%s cannot tell what a change to a %s concerns", controller.name, change.kind.kind)

    async def _work(self) -> None:
        while True:
            self._reconcile(await self._queue.get())
            # Reading and writing are synchronous; requests get their turn here.
            await asyncio.sleep(0)

    def _reconcile(self, item: tuple[Controller, Hashable]) -> None:
        controller, key = item
        try:
            delay = controller.reconcile(key)
        except Exception as error:
            seconds = self._queue.retry(item)
            text = "%s failed for %s, trying again in %.3f s: %s"
            # A refusal by the server explains itself; anything else is a fault that needs its traceback.
            unexpected = not isinstance(error, StatusError)
            log.warning(text, controller.name, key, seconds, error, exc_info=unexpected)
            return
        self._queue.succeeded(item)
        if delay is None:
            self._queue.cancel(item)
        else:
            self._queue.add_after(item, delay)
