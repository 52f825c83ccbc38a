"""A sync, from being asked for to its end. The outcome stands in ``status.operationState``."""

import asyncio
from copy import deepcopy
from datetime import timedelta
from functools import partial

from aks_flow.rehearsal.standins.argocd import (
    application_status,
    events,
    hooks,
    names,
    object_refs,
    project,
    retrying,
    unoffered,
)
from aks_flow.rehearsal.standins.argocd.api import ApiError
from aks_flow.rehearsal.standins.argocd.context import ControllerContext
from aks_flow.rehearsal.standins.argocd.object_removal import delete
from aks_flow.rehearsal.standins.argocd.refreshing import Refresher
from aks_flow.rehearsal.standins.argocd.repository import SourceError
from aks_flow.rehearsal.standins.argocd.sync_results import SyncResults
from aks_flow.rehearsal.standins.argocd.sync_waiting import SyncFailed
from aks_flow.rehearsal.standins.argocd.syncing import Sync
from aks_flow.rehearsal.standins.kubernetes.apimachinery import times

_DONE = "successfully synced (all tasks run)"
_TERMINATED = "Operation terminated"


class Operator:
    """Carries out one Application's operations."""

    def __init__(self, context: ControllerContext, name: str, refresher: Refresher):
        self._context, self._name, self._refresher = context, name, refresher
        self._work: asyncio.Task | None = None
        self._hooks: list[dict] = []  # of the commit that is synced
        self._terminated = False

    def terminate(self) -> None:
        """End the operation that runs; what it has applied stays, and it is not tried again."""
        self._terminated = True
        if self._work:
            self._work.cancel()

    async def operate(self, operation: dict) -> None:
        """Carry an operation out; return when it has succeeded, failed for the last time, or was ended."""
        state = {"operation": operation, "phase": names.RUNNING, "startedAt": _now()}
        before = self._context.application(self._name).get("status", {}).get("operationState") or {}
        self._terminated = before.get("phase") == names.TERMINATING  # asked for while nobody worked here
        await self._write(state)
        self._work = asyncio.create_task(self._until_done(operation, state))
        if self._terminated:
            self._work.cancel()
        try:
            await asyncio.wait([self._work])
        finally:
            self._work.cancel()
        if not self._work.cancelled():
            return self._work.result()
        await self._delete_running_hooks()
        return await self._finish(
            state | {"phase": names.FAILED, "message": _TERMINATED, "finishedAt": _now()}
        )

    async def _delete_running_hooks(self) -> None:
        """A Job that is ended with its sync does not go on beside the next one."""
        for live in map(self._context.live.get, map(object_refs.of, self._hooks)):
            if live and not hooks.outcome(live):
                await delete(self._context, live)

    async def _until_done(self, operation: dict, state: dict) -> None:
        retry, retries = operation.get("retry") or {}, 0
        while True:
            sync_request = (operation.get("sync") or {}) if not retries else self._again(operation)
            phase, message = await self._attempt(sync_request, state)
            pause = None if phase == names.SUCCEEDED else retrying.delay(retry, retries)
            state["message"] = _counted(message, retries)
            if pause is None:
                return await self._finish(state | {"phase": phase, "finishedAt": _now()})
            retries += 1
            at = times.stamp(times.now() + timedelta(seconds=pause))
            state |= {
                "message": f"{message}. Retrying attempt #{retries} at {at}.",
                "retryCount": retries,
            }
            await self._write(state)
            await asyncio.sleep(pause)

    def _again(self, operation: dict) -> dict:
        """The request of another attempt: with ``refresh`` for what the branch has by now."""
        sync_request = dict(operation.get("sync") or {})
        if (operation.get("retry") or {}).get("refresh"):
            sync_request.pop("revision", None)
        return sync_request

    async def _attempt(self, sync_request: dict, state: dict) -> tuple[str, str]:
        """(phase, message); what became of the objects stands in the state's ``syncResult``."""
        application = self._context.application(self._name)
        spec = application["spec"]
        source, results = sync_request.get("source") or spec["source"], SyncResults()
        state["syncResult"] = {"source": source, "revision": "", "resources": results.entries}
        if faults := self._faults(application):
            return names.ERROR, f"{names.INVALID_SPEC}: {faults[0]}"
        try:
            revision = sync_request.get("revision") or source.get("targetRevision", "")
            revision = await self._context.repositories.resolve(source["repoURL"], revision)
            state["syncResult"]["revision"] = revision
            rendered = await self._refresher.desired.at(source, spec["destination"], revision)
            managed = await self._refresher.managed(application, rendered)
            if asked := unoffered.of_objects([*rendered.objects, *rendered.hooks]):
                return names.ERROR, f"{names.INVALID_SPEC}: {asked[0]}"
            self._hooks = _made(rendered.hooks, revision, state["startedAt"])
            tell = partial(self._tell, state)
            await Sync(self._context, application, sync_request, managed, self._hooks, results, tell).run()
        except SourceError as error:
            return names.ERROR, f"{names.COMPARISON_ERROR}: {error}"
        except (SyncFailed, ApiError) as error:
            return names.FAILED, str(error)
        return names.SUCCEEDED, _DONE

    async def _tell(self, state: dict, message: str) -> None:
        state["message"] = message
        await self._write(state)

    def _faults(self, application: dict) -> list[str]:
        name = application["spec"].get("project", "")
        allowed = self._context.projects.get(self._context.namespace, name)
        return project.faults(allowed, application) + unoffered.faults(allowed, application)

    async def _write(self, state: dict) -> None:
        application = self._context.application(self._name)
        before = application.get("status", {}).get("operationState") or {}
        changed = application_status.changes(before, deepcopy(state))
        await self._context.patch(application, {"status": {"operationState": changed}})

    async def _finish(self, state: dict) -> None:
        """The operation's end, its entry in the history, and the field that asked for it, at once."""
        application = self._context.application(self._name)
        before = application.get("status", {})
        status = {"operationState": application_status.changes(before.get("operationState") or {}, state)}
        if _deploys(state):
            limit = application["spec"].get("revisionHistoryLimit")
            status["history"] = application_status.history(before.get("history") or [], limit, _entry(state))
        application = await self._context.patch(application, {"operation": None, "status": status})
        await events.record(self._context.api, application, "OperationCompleted", *_event(state))


def _made(rendered: list[dict], revision: str, started: str) -> list[dict]:
    """A hook for each phase that an object names."""
    moment = int(times.parse(started).timestamp())
    return [
        hooks.of_phase(hooks.prepared(item, phase, revision, moment), phase)
        for item in rendered
        for phase in sorted(hooks.phases(item))
    ]


def _entry(state: dict) -> dict:
    result, operation = state["syncResult"], state["operation"]
    return {
        "revision": result["revision"],
        "source": result["source"],
        "deployStartedAt": state["startedAt"],
        "deployedAt": state["finishedAt"],
        "initiatedBy": operation.get("initiatedBy") or {},
    }


def _deploys(state: dict) -> bool:
    """Only a whole sync that succeeded makes history."""
    sync = state["operation"].get("sync") or {}
    return state["phase"] == names.SUCCEEDED and not sync.get("resources") and not sync.get("dryRun")


def _event(state: dict) -> tuple[str, str]:
    """An event's message and type."""
    kind = "Partial sync" if (state["operation"].get("sync") or {}).get("resources") else "Sync"
    about = f"{kind} operation to {state['syncResult']['revision']}"
    if state["phase"] == names.SUCCEEDED:
        return f"{about} succeeded", "Normal"
    return f"{about} failed: {state['message']}", "Warning"


def _counted(message: str, retries: int) -> str:
    return f"{message} (retried {retries} times)." if retries else message


def _now() -> str:
    return times.stamp(times.now())
