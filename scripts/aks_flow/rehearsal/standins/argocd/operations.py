"""A sync, from being asked for to its end. The outcome stands in ``status.operationState``."""

import asyncio

from aks_flow.rehearsal.standins.argocd import application_status, events, names, project, retrying
from aks_flow.rehearsal.standins.argocd.api import ApiError
from aks_flow.rehearsal.standins.argocd.context import ControllerContext
from aks_flow.rehearsal.standins.argocd.refreshing import Refresher
from aks_flow.rehearsal.standins.argocd.repository import SourceError
from aks_flow.rehearsal.standins.argocd.syncing import Sync
from aks_flow.rehearsal.standins.argocd.wave_health import SyncFailed
from aks_flow.rehearsal.standins.kubernetes.objects import times

_DONE = "successfully synced (all tasks run)"


class Operator:
    """Carries out one Application's operations."""

    def __init__(self, context: ControllerContext, name: str, refresher: Refresher):
        self._context, self._name, self._refresher = context, name, refresher

    async def operate(self, operation: dict) -> None:
        """Carry an operation out; return when it has succeeded, or has failed for the last time."""
        state = {"operation": operation, "phase": names.RUNNING, "startedAt": _now()}
        retry, retries = operation.get("retry") or {}, 0
        await self._write(state)
        while True:
            phase, message, result = await self._attempt(operation.get("sync") or {})
            pause = None if phase == names.SUCCEEDED else retrying.delay(retry, retries)
            state |= {"syncResult": result, "message": _counted(message, retries)}
            if pause is None:
                return await self._finish(state | {"phase": phase, "finishedAt": _now()})
            retries += 1
            state |= {
                "message": f"{message}. Retrying attempt #{retries} in {pause:g}s.",
                "retryCount": retries,
            }
            await self._write(state)
            await asyncio.sleep(pause)

    async def _attempt(self, sync_request: dict) -> tuple[str, str, dict]:
        """(phase, message, syncResult)"""
        application = self._context.application(self._name)
        spec = application["spec"]
        source = sync_request.get("source") or spec["source"]
        result = {"source": source, "revision": "", "resources": []}
        if faults := self._faults(application):
            return names.ERROR, f"{names.INVALID_SPEC}: {faults[0]}", result
        try:
            revision = sync_request.get("revision") or source.get("targetRevision", "")
            result["revision"] = await self._context.repositories.resolve(source["repoURL"], revision)
            rendered = await self._refresher.desired.at(source, spec["destination"], result["revision"])
            managed = await self._refresher.managed(application, rendered)
            sync = Sync(self._context, application, sync_request, managed, result["resources"])
            await sync.run()
        except SourceError as error:
            return names.ERROR, f"{names.COMPARISON_ERROR}: {error}", result
        except (SyncFailed, ApiError) as error:
            return names.FAILED, str(error), result
        return names.SUCCEEDED, _DONE, result

    def _faults(self, application: dict) -> list[str]:
        name = application["spec"].get("project", "")
        return project.faults(self._context.projects.get(self._context.namespace, name), application)

    async def _write(self, state: dict) -> None:
        application = self._context.application(self._name)
        before = application.get("status", {}).get("operationState") or {}
        changed = application_status.changes(before, state)
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
    partial = "Partial sync" if (state["operation"].get("sync") or {}).get("resources") else "Sync"
    about = f"{partial} operation to {state['syncResult']['revision']}"
    if state["phase"] == names.SUCCEEDED:
        return f"{about} succeeded", "Normal"
    return f"{about} failed: {state['message']}", "Warning"


def _counted(message: str, retries: int) -> str:
    return f"{message} (retried {retries} times)." if retries else message


def _now() -> str:
    return times.stamp(times.now())
