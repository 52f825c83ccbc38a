"""What a delivery would do, as a value."""

from dataclasses import dataclass
from functools import cached_property

from aks_flow.core.config.contract import Contract
from aks_flow.core.config.sections import SmokeCheck
from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests import render
from aks_flow.manifests.sync_waves import Wave
from aks_flow.push.history.history import History
from aks_flow.rollout.namespace_secrets import SecretLack
from aks_flow.tools.kubectl import diff


@dataclass(frozen=True)
class Leftovers:
    """What earlier deliveries applied, the manifests no longer have, and the cluster still has.

    removed: names as `kubectl get --output=name` has them. kept: those that stay, each with the reason.
    """

    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """What becomes of it, in words."""
        return {"removed after that": self.removed, "kept": self.kept}


@dataclass(frozen=True)
class PlannedChanges:
    """What a delivery would change.

    diff: the server's, "" for none.
    new_namespace: whether the namespace must be made first.
    secrets: what the namespace lacks of the Secrets that are in no manifest.
    definitions: the names of the CustomResourceDefinitions that are made or changed. They go first.
    beyond_diff: what changes although the diff does not show it, a sentence each.
    leftovers: what is no longer in the manifests.
    """

    diff: str = ""
    new_namespace: bool = False
    secrets: tuple[SecretLack, ...] = ()
    definitions: tuple[str, ...] = ()
    beyond_diff: tuple[str, ...] = ()
    leftovers: Leftovers = Leftovers()

    @property
    def empty(self) -> bool:
        changes = (self.diff, self.beyond_diff, self.secrets, self.leftovers.removed)
        return not (self.new_namespace or any(changes))

    @property
    def is_diffed(self) -> bool:
        """Whether the server's diff has been through all objects, as its dry run would have."""
        return not (self.new_namespace or self.definitions)

    @cached_property
    def _files(self) -> set[str] | None:
        return diff.files(self.diff)

    def keep(self, item: dict) -> bool:
        """Whether the server's diff has nothing of an object that is there."""
        return self._files is not None and diff.file(item) not in self._files


@dataclass(frozen=True)
class PlanBasis:
    """What an environment was like when the plan was made.

    live: the manifest's objects that the cluster had, as they were.
    history: the revisions so far.
    busy: whether somebody delivers now, or left a version beside the app's own.
    lock: the version of the environment's Lease, "" if there was none.
    ending: whether the namespace is being deleted. It is made anew once it is gone.
    """

    live: tuple[dict, ...] = ()
    history: History = History("")
    busy: bool = False
    lock: str = ""
    ending: bool = False


@dataclass(frozen=True)
class PlanNotes:
    """What a person should know about a plan, a sentence each.

    remarks: what the diff means. obstacles: what keeps a delivery from ending.
    unvalidated: what the plan does not know, because whoever asks may only read.
    """

    remarks: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    unvalidated: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlannedHooks:
    """before: those that run before anything changes. after: those that run when all is healthy.

    left_out: the names of those of phases that this path does not have.
    """

    before: tuple[Wave, ...] = ()
    after: tuple[Wave, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def names_before(self) -> list[str]:
        return _names(self.before)

    @property
    def names_after(self) -> list[str]:
        return _names(self.after)


@dataclass(frozen=True)
class PushPlan:
    """What a delivery would do, and what that was read from.

    image: what the app will run, with its others if it has several.
    manifest: the rendered text. commit: the one that it is of.
    new_image: whether the image was, or must be, built for this.
    contract, checks: how the app is asked, and what it must answer.
    """

    environment: str
    namespace: str
    image: ImageRef
    manifest: str
    commit: str = ""
    new_image: bool = False
    contract: Contract = Contract()
    checks: tuple[SmokeCheck, ...] = ()
    changes: PlannedChanges = PlannedChanges()
    hooks: PlannedHooks = PlannedHooks()
    notes: PlanNotes = PlanNotes()
    basis: PlanBasis = PlanBasis()

    def is_current(self, lock: str, made_namespace: bool) -> bool:
        """Whether nobody can have changed the environment between the plan and the taking of the lock.

        Every delivery writes the environment's Lease when it begins and when it ends. So nobody has, if the
        Lease was free when the plan was made, and had the same version when it was taken.
        lock: that version. made_namespace: whether the lock made the namespace. Then that holds nothing, as
        a plan for a new one has it, unless another one's lock was the first in it; any other plan was made of
        a namespace that is gone.
        """
        new_namespace = self.changes.new_namespace
        if made_namespace or new_namespace:
            return made_namespace and new_namespace and not lock
        return not self.basis.busy and self.basis.lock == lock

    def __str__(self) -> str:
        if self.changes.empty:
            return "nothing to do"
        before, after, notes = self.hooks.names_before, self.hooks.names_after, self.notes
        first = "; its namespace is being deleted, and has to be gone before" if self.basis.ending else ""
        first += f"; {', '.join(before)} before that" if before else ""
        first += f"; {', '.join(after)} when all is healthy" if after else ""
        parts = {**self.changes.leftovers.parts, "left out": self.hooks.left_out}
        rest = "".join(f"; {what}: {', '.join(names)}" for what, names in parts.items() if names)
        sentences = (*self.changes.beyond_diff, *notes.remarks, *notes.unvalidated)
        return self._size() + first + rest + "".join(f"; {text}" for text in sentences)

    def _size(self) -> str:
        if self.changes.new_namespace:
            return f"a first delivery: {len(render.objects(self.manifest))} objects"
        changed = (line for line in self.changes.diff.splitlines() if line.startswith(("+", "-")))
        return f"{sum(1 for line in changed if not line.startswith(('+++', '---')))} changed lines"


def _names(waves: tuple[Wave, ...]) -> list[str]:
    return [document.ref for wave in waves for document in wave.documents]
