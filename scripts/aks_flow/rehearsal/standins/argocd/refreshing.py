"""A refresh of an Application: compare git with the cluster, write the status, sync if the policy says so."""

from enum import IntEnum

from aks_flow.rehearsal.standins.argocd import (
    application_status,
    autosync,
    comparing,
    events,
    hooks,
    names,
    object_refs,
    project,
    unoffered,
)
from aks_flow.rehearsal.standins.argocd.application_status import Comparison
from aks_flow.rehearsal.standins.argocd.context import ControllerContext
from aks_flow.rehearsal.standins.argocd.desired import Desired, Rendered
from aks_flow.rehearsal.standins.argocd.object_refs import Ref
from aks_flow.rehearsal.standins.argocd.repository import SourceError
from aks_flow.rehearsal.standins.kubernetes.apimachinery import times

_LOAD = "Failed to load target state: failed to generate manifest for source 1 of 1: "


class Level(IntEnum):
    """How thorough a look is asked for."""

    NONE = 0
    RECENT = 1  # the commit that was looked at last
    LATEST = 2  # what the revision means now
    HARD = 3  # and its manifests rendered anew


class Refresher:
    """Compares one Application."""

    def __init__(self, context: ControllerContext, name: str):
        self._context, self._name = context, name
        self.desired = Desired(context, name)
        self.target_refs: set[Ref] = set()  # the objects that git had when it was last looked at
        self._revision = ""

    async def refresh(self, level: Level) -> float:
        """Look, write the status, start a sync; seconds until another look is needed, 0 if none is."""
        application = self._context.application(self._name)
        if level is Level.HARD:
            self.desired.forget()
        asked = level >= Level.LATEST and bool(object_refs.annotation(application, names.REFRESH))
        comparison = await self._compare(application, level)
        application = self._context.application(self._name) or application
        decision = autosync.AutoSyncDecision()
        if comparison.sync == names.OUT_OF_SYNC:
            decision = autosync.decide(application, comparison.revision, comparison.managed, times.now())
        if decision.operation:
            await self._begin(application, decision.operation)
        patch = self._patch(application, comparison, decision, level)
        if asked:
            patch["metadata"] = {"annotations": {names.REFRESH: None}}
        if patch:
            await self._context.patch(application, patch)
            await self._tell(application, patch)
        return decision.again

    async def _begin(self, application: dict, operation: dict) -> None:
        """Before what was found is written, and with how the operation before ended forgotten."""
        await self._context.patch(application, {"operation": operation, "status": {"operationState": None}})
        message = f"Initiated automated sync to '{operation['sync']['revision']}'"
        await events.record(self._context.api, application, "OperationStarted", message)

    async def _compare(self, application: dict, level: Level) -> Comparison:
        spec = application["spec"]
        allowed = self._context.projects.get(self._context.namespace, spec.get("project", ""))
        faults = project.faults(allowed, application) + unoffered.faults(allowed, application)
        if faults:
            return Comparison("", errors=tuple((names.INVALID_SPEC, fault) for fault in faults))
        try:
            if level >= Level.LATEST or not self._revision:
                source = spec["source"]
                self._revision = await self._context.repositories.resolve(
                    source["repoURL"], source.get("targetRevision", "")
                )
            rendered = await self.desired.at(spec["source"], spec["destination"], self._revision)
        except SourceError as error:
            managed = await self.managed(application, Rendered("", []), read=False)
            errors = ((names.COMPARISON_ERROR, f"{_LOAD}{error}"),)
            return Comparison(_asked(application, level), managed=managed, errors=errors)
        if asked := unoffered.of_objects([*rendered.objects, *rendered.hooks]):
            return Comparison("", errors=tuple((names.INVALID_SPEC, fault) for fault in asked))
        managed = await self.managed(application, rendered)
        shared = tuple((names.SHARED_RESOURCE, text) for text in comparing.shared(managed, self._name))
        refused = frozenset(comparing.refused(managed, allowed))
        return Comparison(
            self._revision,
            rendered.source_type,
            comparing.without_live(managed, refused),
            warnings=shared + rendered.warnings,
            refused=refused,
        )

    async def managed(self, application: dict, rendered: Rendered, read: bool = True) -> list:
        """Every object that the Application has to do with."""
        await self._context.live.follow(kinds(application, [*rendered.objects, *rendered.hooks]))
        self.target_refs = {object_refs.of(item) for item in rendered.objects}
        owned = [live for live in self._context.live.tracked_by(self._name) if not hooks.is_hook(live)]
        return comparing.manage(rendered.objects, owned, self._context.live.get, read)

    def _patch(
        self, application: dict, comparison: Comparison, decision: autosync.AutoSyncDecision, level: Level
    ) -> dict:
        before, now = application.get("status", {}), times.stamp(times.now())
        after = application_status.compared(application, comparison, decision.error, now)
        if level >= Level.LATEST or "reconciledAt" not in before:
            after["reconciledAt"] = now
        changed = application_status.changes(
            {key: before[key] for key in application_status.COMPARED if key in before}, after
        )
        return {"status": changed} if changed else {}

    async def _tell(self, application: dict, patch: dict) -> None:
        """Events, as Argo CD records them."""
        api, before, after = self._context.api, application.get("status", {}), patch.get("status", {})
        for part in ("sync", "health"):
            old, new = (status.get(part, {}).get("status", "") for status in (before, after))
            if new and old != new:
                message = f"Updated {part} status: {old} -> {new}"
                await events.record(api, application, "ResourceUpdated", message)


def _asked(application: dict, level: Level) -> str:
    """What a look is asked for, before it is known which commit that is."""
    named = application["spec"]["source"].get("targetRevision", "")
    before = application.get("status", {}).get("sync", {}).get("revision", "")
    return named if level >= Level.LATEST else before or named


def kinds(application: dict, objects: list[dict]) -> set[tuple[str, str]]:
    """(apiVersion, kind) of what git wants and of what was managed before."""
    earlier = application.get("status", {}).get("resources") or ()
    before = {(_api_version(fields), fields["kind"]) for fields in earlier}
    return before | {(item["apiVersion"], item["kind"]) for item in objects}


def _api_version(fields: dict) -> str:
    return f"{fields['group']}/{fields['version']}" if fields.get("group") else fields["version"]
