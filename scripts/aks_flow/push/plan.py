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
class PushPlan:
    """What a delivery would do, and what that was read from.

    image: what the app will run, with its others if it has several. manifest: the rendered text.
    diff: the server's, "" for none. new_namespace: whether it must be made first. secrets: what of the
    Secrets must be.
    new_image: whether the image was, or must be, built for this.
    before: hooks that run before anything changes. after: hooks that run when all is healthy.
    left_out: hooks of phases that this path does not have.
    busy: whether somebody delivers now, or left a version beside the app's own.
    lock: the version of the environment's Lease, "" if there was none. See `is_current`.
    ending: whether the namespace is being deleted, and is to be made anew once it is gone.
    leftovers: what is no longer in the manifests. beyond_diff: what changes although the diff does not show
    it. remarks: what the diff means. obstacles: what keeps a delivery from ending.
    unvalidated: what the plan does not know, since who asks may only read.
    definitions: the CustomResourceDefinitions that are made or changed, which go first.
    live: what the cluster had of the manifest. history: the revisions so far.
    commit: of the manifests. contract, checks: how the app is asked, and what it must answer.
    """

    environment: str
    namespace: str
    image: ImageRef
    manifest: str
    diff: str = ""
    new_namespace: bool = False
    secrets: tuple[SecretLack, ...] = ()
    new_image: bool = False
    before: tuple[Wave, ...] = ()
    after: tuple[Wave, ...] = ()
    left_out: tuple[str, ...] = ()
    busy: bool = False
    lock: str = ""
    ending: bool = False
    leftovers: Leftovers = Leftovers()
    beyond_diff: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    unvalidated: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    live: tuple[dict, ...] = ()
    history: History = History("")
    commit: str = ""
    contract: Contract = Contract()
    checks: tuple[SmokeCheck, ...] = ()

    @property
    def empty(self) -> bool:
        changes = (self.diff, self.beyond_diff, self.secrets, self.leftovers.removed)
        return not (self.new_namespace or any(changes))

    @property
    def is_diffed(self) -> bool:
        """Whether the server's diff has been through all objects, as its dry run would have."""
        return not (self.new_namespace or self.definitions)

    @cached_property
    def _changed(self) -> set[str] | None:
        return diff.files(self.diff)

    def keeps(self, item: dict) -> bool:
        """Whether the server's diff has nothing of an object that is there."""
        return self._changed is not None and diff.file(item) not in self._changed

    @property
    def hooks(self) -> list[str]:
        """What runs before anything changes."""
        return _refs(self.before)

    @property
    def hooks_after(self) -> list[str]:
        return _refs(self.after)

    def is_current(self, lock: str, made_namespace: bool) -> bool:
        """Whether nobody can have changed the environment between the plan and the taking of the lock.

        Every delivery writes the environment's Lease when it begins and when it ends. So nobody has, if the
        Lease was free when the plan was made, and had the same version when it was taken.
        lock: that version. made_namespace: whether the lock made the namespace. Then that holds nothing, as
        a plan for a new one has it, unless another one's lock was the first in it; any other plan was made of
        a namespace that is gone.
        """
        if made_namespace or self.new_namespace:
            return made_namespace and self.new_namespace and not lock
        return not self.busy and self.lock == lock

    def __str__(self) -> str:
        if self.empty:
            return "nothing to do"
        first = "; its namespace is being deleted, and has to be gone before" if self.ending else ""
        first += f"; {', '.join(self.hooks)} before that" if self.hooks else ""
        first += f"; {', '.join(self.hooks_after)} when all is healthy" if self.hooks_after else ""
        parts = {**self.leftovers.parts, "left out": self.left_out}
        rest = "".join(f"; {what}: {', '.join(names)}" for what, names in parts.items() if names)
        said = "".join(f"; {text}" for text in (*self.beyond_diff, *self.remarks, *self.unvalidated))
        return self._size() + first + rest + said

    def _size(self) -> str:
        if self.new_namespace:
            return f"a first delivery: {len(render.objects(self.manifest))} objects"
        changed = (line for line in self.diff.splitlines() if line.startswith(("+", "-")))
        return f"{sum(1 for line in changed if not line.startswith(('+++', '---')))} changed lines"


def _refs(waves: tuple[Wave, ...]) -> list[str]:
    return [document.ref for wave in waves for document in wave.documents]
