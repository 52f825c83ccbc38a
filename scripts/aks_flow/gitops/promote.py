"""A person's write: what one environment runs goes to another, digest and manifests alike."""

from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops import deliver
from aks_flow.gitops.branch import write
from aks_flow.gitops.branch.branch import Branch, Tip, open_branch
from aks_flow.gitops.branch.history import history, standing
from aks_flow.gitops.branch.state import State
from aks_flow.gitops.branch.write import Write
from aks_flow.gitops.folder import prove, source_commit
from aks_flow.gitops.folder.derive import Folder
from aks_flow.gitops.outcome import UNCHANGED, Outcome
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import objects


@dataclass(frozen=True)
class Shown:
    """What a promotion brings: the difference of the two folders, and a line for each source commit."""

    diff: str
    commits: list[str]


class Promotion:
    """``source``'s version and manifests on their way to ``target``: read and derived, not yet written."""

    def __init__(self, context: DeliveryContext, source: str, target: str):
        for name in (source, target):
            context.config.environment(name)
        self.source, self.target = source, target
        self.branch = open_branch(context.run, context.config, history=True)
        self.tip = self.branch.tip()
        now = standing(self.branch, self.tip, source)
        self.image, commit = now.image, now.written.source
        if not source_commit.here(self.branch, commit):
            what = f"the source commit of {source} ({commit[:12] or 'it names none'}) is not here"
            step = "Fetch it, then promote again."
            raise AksFlowError(what, where=str(self.branch.repo), next_step=step)
        self.folder: Folder = deliver.prepare(context, self.branch, target, self.image, commit)
        self._prove = prove.prover(self.branch)

    @property
    def subject(self) -> str:
        return f"Promote {self.image.tag} from {self.source} to {self.target}"

    @property
    def state(self) -> State:
        """The target's, at the tip that was read."""
        return self.branch.state(self.tip, self.target)

    @property
    def wanted(self) -> Write | Outcome:
        """What the tip that was read asks for."""
        return self.derive(self.state)

    def derive(self, state: State) -> Write | Outcome:
        """AksFlowError if the target is held, or has a newer version: a person decides about those first."""
        self._admit(state)
        if state.tree == self.folder.tree:
            return Outcome(self.target, UNCHANGED, self.image, note=f"it has {self.image.tag}")
        self._prove(self.folder, state)
        return deliver.replacement(self.folder, self.subject, f"{self.image.tag} promoted from {self.source}")

    def land(self, dry: bool = False) -> Outcome:
        return write.land(self.branch, self.target, self.derive, dry)

    def shown(self) -> Shown:
        diff = write.difference(self.branch, self.state, self.folder.tree)
        return Shown(diff, _commits(self.branch, self.tip, self.target, self.folder.draft.commit))

    def _admit(self, state: State) -> None:
        kept = deliver.reason_to_keep(self.target, state, self.image)
        if state.held:
            step = f"`./inv gitops.release-hold {self.target}` releases it; then promote again."
            raise AksFlowError(f"{self.target} is held: {state.held}", next_step=step)
        if kept:
            step = f"`./inv gitops.undo {self.target}` goes back to an earlier version."
            what = f"{self.target} has {kept.note}, newer than {self.image.tag} of {self.source}"
            raise AksFlowError(what, next_step=step)


def _commits(branch: Branch, tip: Tip, target: str, new: str) -> list[str]:
    """The source commits since the target's own; none if it has none, or it is not here."""
    past = history(branch, tip, target)
    old = past[0].source if past else ""
    if not (old and source_commit.here(branch, old)):
        return []
    return branch.run.run(objects.subjects(branch.repo, old, new)).text.splitlines()
