"""One ApplicationSet: woken by its own changes, by its Applications' and by time."""

import asyncio
import logging
from contextlib import suppress

from aks_flow.rehearsal.standins.argocd import names, object_refs
from aks_flow.rehearsal.standins.argocd.application_sets import generating, reconciling, set_status
from aks_flow.rehearsal.standins.argocd.application_sets.set_status import SetError
from aks_flow.rehearsal.standins.argocd.application_status import changes
from aks_flow.rehearsal.standins.argocd.context import ControllerContext
from aks_flow.rehearsal.standins.kubernetes.apimachinery import times

log = logging.getLogger(__name__)

_EVERY = 30 * 60  # seconds, for a generator that says nothing
_AFTER_ERROR = 3 * 60
_RETRY = 1.0  # seconds until something that failed unexpectedly is tried again


class SetWorker:
    def __init__(self, context: ControllerContext, name: str):
        self._context, self._name = context, name
        self._woken = asyncio.Event()
        self._seen: tuple = ()
        self._applications: dict[str, dict] = {}

    def notice(self, item: dict) -> None:
        """The ApplicationSet came or changed: a new spec, or the annotation, asks for a look."""
        refresh = object_refs.annotation(item, names.SET_REFRESH)
        seen = (item["spec"], item["metadata"].get("deletionTimestamp"), refresh)
        if seen[:2] != self._seen[:2] or (refresh and seen != self._seen):
            self._woken.set()
        self._seen = seen

    def notice_application(self, item: dict, gone: bool) -> None:
        """Of any owner. What its own is doing is no reason for a look; what that is to do is one."""
        owner, name = self._item(), item["metadata"]["name"]
        if not owner or generating.owner_of(item) != owner["metadata"]["uid"]:
            return
        before, now = self._applications.pop(name, None), generating.decided(item)
        if not gone:
            self._applications[name] = now
        if gone or before not in (None, now):
            self._woken.set()

    async def run(self) -> None:
        """Until the ApplicationSet is gone; a failure is logged and tried again."""
        while item := self._item():
            self._woken.clear()
            try:
                pause = await self._once(item)
            except Exception:  # whatever it is: one ApplicationSet must not end the work on it for good
                log.exception("the work on the ApplicationSet %s failed and is tried again", self._name)
                pause = _RETRY
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()

    def _item(self) -> dict | None:
        return self._context.application_sets.get(self._context.namespace, self._name)

    async def _once(self, item: dict) -> float:
        """Seconds until the next look."""
        if item["metadata"].get("deletionTimestamp"):
            await self._let_go(item)
            return _AFTER_ERROR
        error = None
        try:
            await reconciling.reconcile(self._context, item)
        except SetError as refused:
            error = refused
            log.info("%s: %s: %s", self._name, error.reason, error.message)
        await self._report(item, error)
        if error:
            return _AFTER_ERROR
        asked = [generator["pullRequest"] for generator in item["spec"]["generators"]]
        return min((request.get("requeueAfterSeconds", _EVERY) for request in asked), default=_EVERY)

    async def _report(self, item: dict, error: SetError | None) -> None:
        """The status, and the end of a refresh that was asked for."""
        before, now = item.get("status", {}), times.stamp(times.now())
        owned = set_status.resources(reconciling.own(self._context, item))
        after = {"conditions": set_status.conditions(before.get("conditions") or (), error, now)}
        if owned:
            after |= {"resources": owned, "resourcesCount": len(owned)}
        if patch := changes(before, after):
            self._context.application_sets.store(await self._context.api.patch_status(item, patch))
        if object_refs.annotation(item, names.SET_REFRESH):
            await self._context.api.patch(item, {"metadata": {"annotations": {names.SET_REFRESH: None}}})

    async def _let_go(self, item: dict) -> None:
        """Take the finalizer off; the cluster collects the Applications."""
        finalizers = item["metadata"].get("finalizers") or []
        if names.CASCADE in finalizers:
            left = [name for name in finalizers if name != names.CASCADE]
            await self._context.api.patch(item, {"metadata": {"finalizers": left or None}})
