"""One Application: woken by its own changes, by its objects' and by time."""

import asyncio
import logging
from contextlib import suppress

from aks_flow.rehearsal.standins.argocd import names, object_refs
from aks_flow.rehearsal.standins.argocd.application_deletion import finalize
from aks_flow.rehearsal.standins.argocd.context import ControllerContext
from aks_flow.rehearsal.standins.argocd.object_refs import Ref
from aks_flow.rehearsal.standins.argocd.operations import Operator
from aks_flow.rehearsal.standins.argocd.refreshing import Level, Refresher

log = logging.getLogger(__name__)

_RETRY = 1.0  # seconds until something that failed unexpectedly is tried again
_REFRESH = {"normal": Level.LATEST, "hard": Level.HARD}


class Worker:
    def __init__(self, context: ControllerContext, name: str):
        self._context, self._name = context, name
        self._refresher = Refresher(context, name)
        self._operator = Operator(context, name, self._refresher)
        self._operation: asyncio.Task | None = None
        self._asked, self._woken = Level.LATEST, asyncio.Event()
        self._seen: dict = {}
        self._polled = 0.0

    def notice(self, application: dict) -> None:
        """The Application came or changed: a new spec, or the annotation, asks for a look at git."""
        level = _REFRESH.get(object_refs.annotation(application, names.REFRESH), Level.NONE)
        if application["spec"] != self._seen.get("spec"):
            level = max(level, Level.LATEST)
        self._seen = application
        if application.get("status", {}).get("operationState", {}).get("phase") == names.TERMINATING:
            self._operator.terminate()
        self.ask(level)

    def manages(self, ref: Ref) -> bool:
        """Whether git has the object, whoever owns what is in the cluster."""
        return ref in self._refresher.target_refs

    def ask(self, level: Level) -> None:
        """Have the next look be at least this thorough."""
        self._asked = max(self._asked, level)
        self._woken.set()

    async def run(self) -> None:
        """Until the Application is gone; a failure is logged and tried again."""
        try:
            while self._context.application(self._name):
                try:
                    await self._once()
                except Exception:  # whatever it is: one Application must not end the work on it for good
                    log.exception("the work on %s failed and is tried again", self._name)
                    self._later(_RETRY, Level.LATEST)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._until_poll()):
                        await self._woken.wait()
                self._woken.clear()
        finally:
            if self._operation:
                self._operation.cancel()

    async def _once(self) -> None:
        application = self._context.application(self._name)
        self._take_up(application)
        if self._until_poll() <= 0:
            self._asked = max(self._asked, Level.LATEST)
        level, self._asked = self._asked, Level.NONE
        if level >= Level.LATEST:
            self._polled = asyncio.get_running_loop().time()
        if application["metadata"].get("deletionTimestamp"):
            return await self._delete(application)
        if level and (again := await self._refresher.refresh(level)):
            self._later(again, Level.LATEST)
        return None

    async def _delete(self, application: dict) -> None:
        """Once no operation is under way: Argo CD ends none for this, so that one that hangs keeps it."""
        if not self._operation:
            await finalize(self._context, application)

    def _take_up(self, application: dict) -> None:
        """Start what the field ``operation`` asks for, unless it is under way."""
        if application.get("operation") and not self._operation:
            self._operation = asyncio.create_task(self._operator.operate(application["operation"]))
            self._operation.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task) -> None:
        self._operation = None
        if not task.cancelled() and (error := task.exception()):
            log.error("%s: the operation broke off", self._name, exc_info=error)
            self._later(_RETRY, Level.LATEST)
        self.ask(Level.LATEST)

    def _later(self, seconds: float, level: Level) -> None:
        asyncio.get_running_loop().call_later(seconds, self.ask, level)

    def _until_poll(self) -> float:
        return max(0.0, self._polled + self._context.poll - asyncio.get_running_loop().time())
