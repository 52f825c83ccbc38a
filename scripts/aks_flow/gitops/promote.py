"""A promotion: a person brings what one environment runs to another, digest and manifests alike."""

from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow.supersede import Delivered
from aks_flow.gitops.branch.branch import Branch, Tip, open_branch
from aks_flow.gitops.branch.history import current, history
from aks_flow.gitops.branch.state import State
from aks_flow.gitops.branch.write import BranchWriter, FolderChange
from aks_flow.gitops.folder.derive import Folder, derive_folder
from aks_flow.gitops.folder.prove import prove_folder
from aks_flow.gitops.folder.source_commit import is_here
from aks_flow.gitops.gates.candidate import Candidate
from aks_flow.gitops.gates.gates import Gatekeeper
from aks_flow.gitops.outcome import UNCHANGED, WriteOutcome
from aks_flow.image.bring import bring, bring_copies
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import log


@dataclass(frozen=True)
class Promotion:
    """A version and its manifests on their way from ``source`` to ``target``: derived, and not yet written.

    tip: the branch as it was read. state: the target's there. folder: what the target is to have. gatekeeper:
    of the target's gates.
    """

    source: str
    target: str
    branch: Branch
    tip: Tip
    state: State
    folder: Folder
    gatekeeper: Gatekeeper

    @property
    def image(self) -> ImageRef:
        return self.folder.draft.image

    @property
    def delivered(self) -> Delivered:
        return Delivered(self.folder.draft.commit, self.image.tag)

    @property
    def subject(self) -> str:
        return f"Promote {self.image.tag} from {self.source} to {self.target}"


@dataclass(frozen=True)
class Shown:
    """What a promotion brings: the difference of the two folders, and a line for each source commit."""

    diff: str
    commits: list[str]


def read(
    context: DeliveryContext, source: str, target: str, origin: DeliveryContext | None = None
) -> Promotion:
    """The promotion of what ``source`` runs now.

    origin: the source's context, if that is another one; the images are brought to the target's registry.
    AksFlowError if it runs nothing, if its source commit is not here, or if its manifests do not render.
    """
    origin = origin or context
    for name in (source, target):
        context.config.environment(name)
    there = open_branch(origin.run, origin.config, history=True)
    tip = there.tip()
    now = current(there, tip, source)
    branch = open_branch(context.run, context.config, history=True)
    tip = tip if branch.remote == there.remote else branch.tip()
    commit = now.written.source
    if not is_here(branch, commit):
        what = f"the source commit of {source} ({commit[:12] or 'it names none'}) is not here"
        step = "Fetch it, then promote again."
        raise AksFlowError(what, where=str(branch.repo), next_step=step)
    state = branch.state(tip, target)
    image = bring(origin, context, now.image)
    bring_copies(origin, context)
    folder = derive_folder(context, branch, target, image, commit)
    prove_folder(branch, folder, state)
    gatekeeper = Gatekeeper(context, Candidate(target, image, commit))
    return Promotion(source, target, branch, tip, state, folder, gatekeeper)


def show(promotion: Promotion) -> Shown:
    """What it brings to the target as it was read."""
    diff = promotion.branch.diff(promotion.state.tree, promotion.folder.tree)
    return Shown(diff, _commits(promotion))


def change(promotion: Promotion, state: State, newer: str) -> FolderChange | None:
    """What the promotion changes in a target with this state; None if it has the version already.

    newer: the version of the same line that the target has, if that is newer. AksFlowError for such a one,
    and if the target is held: a person decides about those first. The same if a gate is closed.
    """
    source, target, image = promotion.source, promotion.target, promotion.image
    if state.held:
        step = f"`./inv gitops.release-hold {target}` releases it; then promote again."
        raise AksFlowError(f"{target} is held: {state.held}", next_step=step)
    if newer:
        step = f"`./inv gitops.undo {target}` goes back to an earlier version."
        what = f"{target} has {newer}, newer than {image.tag} of {source}"
        raise AksFlowError(what, next_step=step)
    if state.tree == promotion.folder.tree:
        return None
    promotion.gatekeeper.let_in()
    return promotion.folder.change(promotion.subject, f"{image.tag} promoted from {source}")


def write(promotion: Promotion, dry: bool = False) -> WriteOutcome:
    """Write the promotion to the branch; its errors are those of `change`, and RemoteRefusal."""
    writer = BranchWriter(promotion.branch, promotion.target)
    while True:
        state = writer.fetch()
        promoted = change(promotion, state, writer.newer(promotion.delivered))
        if promoted is None:
            note = f"it has {promotion.image.tag}"
            return WriteOutcome(promotion.target, UNCHANGED, promotion.image, note=note)
        outcome = writer.write(promoted, dry)
        if outcome:
            return outcome


def _commits(promotion: Promotion) -> list[str]:
    """The source commits since the target's own; none if it has none, or if it is not here."""
    branch = promotion.branch
    past = history(branch, promotion.tip, promotion.target)
    old = past[0].source if past else ""
    if not (old and is_here(branch, old)):
        return []
    new = promotion.folder.draft.commit
    return branch.run.run(log.subjects(branch.repo, old, new)).text.splitlines()
