"""One attempt to make the cluster what a commit wants: look at all of it, then step by step."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aks_flow.rehearsal.standins.argocd import applying, comparing, hooks, object_refs, planning, project
from aks_flow.rehearsal.standins.argocd.applying import Applied
from aks_flow.rehearsal.standins.argocd.comparing import Managed
from aks_flow.rehearsal.standins.argocd.context import ControllerContext
from aks_flow.rehearsal.standins.argocd.object_removal import delete
from aks_flow.rehearsal.standins.argocd.planning import Removal, SyncStep
from aks_flow.rehearsal.standins.argocd.sync_results import SyncResults
from aks_flow.rehearsal.standins.argocd.sync_waiting import SyncFailed, Waiting
from aks_flow.tools.kubectl import resources

_CREATE_NAMESPACE = "CreateNamespace=true"
_FAIL_ON_SHARED = "FailOnSharedResource=true"


@dataclass
class Sync:
    """``operation``: the ``sync`` part of an operation. ``hook_objects``: the commit's, each of one phase.

    ``tell`` hears what is waited for.
    """

    context: ControllerContext
    application: dict
    operation: dict
    managed: list[Managed]
    hook_objects: list[dict]
    results: SyncResults
    tell: Callable[[str], Awaitable[None]]

    async def run(self) -> None:
        """SyncFailed with the reason; nothing is changed if an object is not permitted or not understood."""
        chosen = planning.chosen(self.managed, self.operation.get("resources") or [])
        targets = [item.target for item in chosen if item.target and not hooks.is_skipped(item.target)]
        made = [] if self.operation.get("resources") else self.hook_objects  # a partial sync has no hooks
        self._check_permitted(chosen)
        self._check_shared(chosen)
        if not self.operation.get("dryRun"):
            await self._make_namespaces(targets)
        self._refused(await applying.validate(self.context.programs, self.context.kubectl, targets))
        if not self.operation.get("dryRun"):
            await self._change(targets, made, planning.removals(chosen, bool(self.operation.get("prune"))))

    async def _change(self, targets: list[dict], made: list[dict], removals: list[Removal]) -> None:
        steps = planning.steps(targets, made, removals, planning.LAST in self._options)
        try:
            for number, step in enumerate(steps):
                await self._step(step, number + 1 == len(steps))
        except SyncFailed:
            await self._after_failure([hook for hook in made if hooks.SYNC_FAIL in hooks.phases(hook)])
            await self._delete_hooks(made, hooks.FAILED)
            raise
        await self._delete_hooks(made, hooks.SUCCEEDED)

    async def _step(self, step: SyncStep, is_last: bool) -> None:
        """What is applied last is waited for only if it is a hook: a sync ends once all is applied."""
        waiting = Waiting(self.context, self.application, self.results, self.tell)
        await waiting.for_confirmation(planning.to_be_confirmed(step))
        removed = [await self._remove(removal) for removal in step.removals]
        if not is_last:
            await waiting.for_deletion([live for live in removed if live])
        await self._make_way(waiting, step.hooks)
        await self._apply([*step.hooks, *step.objects], {object_refs.of(hook) for hook in step.hooks})
        await waiting.for_completion(step.hooks, [] if is_last else step.objects)

    async def _after_failure(self, failing: list[dict]) -> None:
        if failing:
            waiting = Waiting(self.context, self.application, self.results, self.tell)
            await self._make_way(waiting, failing)
            await self._apply(failing, {object_refs.of(hook) for hook in failing})
            await waiting.for_completion(failing, [])

    async def _make_way(self, waiting: Waiting, made: list[dict]) -> None:
        """Delete the hooks of earlier syncs that are to be made again."""
        again = [hook for hook in made if hooks.BEFORE_CREATION in hooks.policies(hook)]
        there = [live for live in map(self._live, again) if live]
        for live in there:
            await delete(self.context, live)
        await waiting.for_deletion(there)

    async def _delete_hooks(self, made: list[dict], policy: str) -> None:
        ended = [self._live(hook) for hook in made if policy in hooks.policies(hook)]
        for live in ended:
            if live and hooks.outcome(live):
                await delete(self.context, live)

    def _check_permitted(self, chosen: list[Managed]) -> None:
        name = self.application["spec"]["project"]
        permits = self.context.projects.get(self.context.namespace, name)
        refused = comparing.refused(chosen, permits)
        for target in [item.target for item in chosen if item.ref in refused] + [
            hook for hook in self.hook_objects if not project.permits_object(permits, hook)
        ]:
            group = object_refs.group(target)
            message = f"resource {group}:{target['kind']} is not permitted in project {name}"
            self.results.note(target, "SyncFailed", message)
        if self.results.entries:
            raise SyncFailed("one or more synchronization tasks are not valid")

    def _check_shared(self, chosen: list[Managed]) -> None:
        refusals = comparing.shared(chosen, self.application["metadata"]["name"])
        if refusals and _FAIL_ON_SHARED in self._options:
            raise SyncFailed(f"Shared resource found: {refusals[0]}")

    @property
    def _options(self) -> list[str]:
        return self.operation.get("syncOptions") or []

    async def _make_namespaces(self, targets: list[dict]) -> None:
        """Those that do not exist yet: the server takes no object of a namespace it does not have."""
        new = [item for item in targets if item["kind"] == "Namespace" and not self._live(item)]
        namespace = self.application["spec"]["destination"].get("namespace", "")
        named = {item["metadata"]["name"] for item in targets if item["kind"] == "Namespace"}
        if _CREATE_NAMESPACE in self._options and namespace not in named | {""}:
            exists = await self.context.api.has("v1", "Namespace", namespace)
            new += [] if exists else [resources.namespace(namespace)]
        self._refused(await applying.validate(self.context.programs, self.context.kubectl, new))
        await self._apply(new, set())

    def _refused(self, verdicts: list[Applied]) -> None:
        refused = [verdict for verdict in verdicts if not verdict.done]
        for verdict in refused:
            self.results.note(verdict.item, "SyncFailed", verdict.message)
        if refused:
            raise SyncFailed("one or more objects failed to apply (dry run)")

    async def _apply(self, items: list[dict], made: set[object_refs.Ref]) -> None:
        outcomes = await applying.apply(self.context.programs, self.context.kubectl, items)
        for outcome in outcomes:
            is_hook = outcome.ref in made
            self.results.note(
                outcome.item, "Synced" if outcome.done else "SyncFailed", outcome.message, is_hook
            )
        failed = [outcome for outcome in outcomes if not outcome.done]
        if failed:
            reasons = ",".join(outcome.message for outcome in failed)
            raise SyncFailed(f"one or more objects failed to apply, reason: {reasons}")

    def _live(self, item: dict) -> dict | None:
        return self.context.live.get(object_refs.of(item))

    async def _remove(self, removal: Removal) -> dict | None:
        """The object, if its removal was asked for."""
        live = removal.live
        if removal.kept or not self._may_remove(live):
            self.results.note(live, "PruneSkipped", removal.kept or "ignored (not permitted)")
            return None
        await delete(self.context, live)
        self.results.note(live, "Pruned", "pruned")
        return live

    def _may_remove(self, live: dict) -> bool:
        name = self.application["spec"]["project"]
        return project.permits_object(self.context.projects.get(self.context.namespace, name), live)
