"""One attempt to make the cluster what a commit wants: validate all, apply wave by wave, then prune."""

from dataclasses import dataclass, field

from aks_flow.rehearsal.standins.argocd import applying, comparing, object_refs, planning, project
from aks_flow.rehearsal.standins.argocd.applying import Applied
from aks_flow.rehearsal.standins.argocd.comparing import Managed
from aks_flow.rehearsal.standins.argocd.context import ControllerContext
from aks_flow.rehearsal.standins.argocd.object_removal import delete
from aks_flow.rehearsal.standins.argocd.planning import Removal
from aks_flow.rehearsal.standins.argocd.wave_health import SyncFailed, wait_until_healthy
from aks_flow.tools.kubectl import resources

_CREATE_NAMESPACE = "CreateNamespace=true"
_FAIL_ON_SHARED = "FailOnSharedResource=true"


@dataclass
class Sync:
    """``operation``: the ``sync`` part of an operation. ``results``: the entries of its ``syncResult``."""

    context: ControllerContext
    application: dict
    operation: dict
    managed: list[Managed]
    results: list[dict] = field(default_factory=list)

    async def run(self) -> None:
        """SyncFailed with the reason; nothing is changed if an object is not permitted or refused."""
        chosen = planning.chosen(self.managed, self.operation.get("resources") or [])
        targets = [item.target for item in chosen if item.target]
        self._check_permitted(chosen)
        self._check_shared(chosen)
        if not self.operation.get("dryRun"):
            await self._make_namespaces(targets)
        self._refused(await applying.validate(self.context.programs, self.context.kubectl, targets))
        if not self.operation.get("dryRun"):
            await self._change(chosen, targets)

    async def _change(self, chosen: list[Managed], targets: list[dict]) -> None:
        await self._apply(planning.waves(targets))
        for removal in planning.removals(chosen, bool(self.operation.get("prune"))):
            await self._remove(removal)

    def _check_permitted(self, chosen: list[Managed]) -> None:
        name = self.application["spec"]["project"]
        permits = self.context.projects.get(self.context.namespace, name)
        for ref in comparing.refused(chosen, permits):
            target = next(item.target for item in chosen if item.ref == ref)
            message = f"resource {ref.group}:{ref.kind} is not permitted in project {name}"
            self._note(target, "SyncFailed", message)
        if self.results:
            raise SyncFailed("one or more synchronization tasks are not valid")

    def _check_shared(self, chosen: list[Managed]) -> None:
        refusals = comparing.shared(chosen, self.application["metadata"]["name"])
        if refusals and _FAIL_ON_SHARED in self._options:
            raise SyncFailed(f"Shared resource found: {refusals[0]}")

    @property
    def _options(self) -> list[str]:
        return self.operation.get("syncOptions") or []

    async def _make_namespaces(self, targets: list[dict]) -> None:
        """Those that do not exist yet: the server validates no object of a namespace it does not have."""
        new = [item for item in targets if item["kind"] == "Namespace" and not self._live(item)]
        namespace = self.application["spec"]["destination"].get("namespace", "")
        named = {item["metadata"]["name"] for item in targets if item["kind"] == "Namespace"}
        if _CREATE_NAMESPACE in self._options and namespace not in named | {""}:
            exists = await self.context.api.has("v1", "Namespace", namespace)
            new += [] if exists else [resources.namespace(namespace)]
        self._refused(await applying.validate(self.context.programs, self.context.kubectl, new))
        self._failed(await applying.apply(self.context.programs, self.context.kubectl, new))

    def _refused(self, verdicts: list[Applied]) -> None:
        refused = [verdict for verdict in verdicts if not verdict.done]
        for verdict in refused:
            self._note(verdict.item, "SyncFailed", verdict.message)
        if refused:
            raise SyncFailed(f"one or more objects failed to apply (dry run), reason: {refused[0].message}")

    def _failed(self, outcomes: list[Applied]) -> None:
        for outcome in outcomes:
            self._note(outcome.item, "Synced" if outcome.done else "SyncFailed", outcome.message)
        failed = [outcome for outcome in outcomes if not outcome.done]
        if failed:
            raise SyncFailed(f"one or more objects failed to apply, reason: {failed[0].message}")

    async def _apply(self, waves: list[list[dict]]) -> None:
        for number, wave in enumerate(waves):
            self._failed(await applying.apply(self.context.programs, self.context.kubectl, wave))
            if number + 1 < len(waves):
                await wait_until_healthy(self.context, wave)

    def _live(self, item: dict) -> dict | None:
        return self.context.live.get(object_refs.of(item))

    async def _remove(self, removal: Removal) -> None:
        live = removal.live
        if removal.kept or not self._may_remove(live):
            return self._note(live, "PruneSkipped", removal.kept or "ignored (not permitted)")
        await delete(self.context, live)
        return self._note(live, "Pruned", "pruned")

    def _may_remove(self, live: dict) -> bool:
        ref, permits = object_refs.of(live), self.application["spec"]["project"]
        allowed = self.context.projects.get(self.context.namespace, permits)
        return project.permits(allowed, ref.group, ref.kind, ref.namespace)

    def _note(self, item: dict, status: str, message: str) -> None:
        """The newest word on an object replaces the one before."""
        entry = object_refs.of(item).fields() | {
            "version": item["apiVersion"].rpartition("/")[2],
            "status": status,
            "message": message,
            "syncPhase": "Sync",
        }
        self.results[:] = [
            old for old in self.results if object_refs.of_fields(old) != object_refs.of(item)
        ] + [entry]
