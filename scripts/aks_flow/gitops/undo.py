"""The way back: the previous state and a hold in one commit; and the release of a hold."""

from aks_flow.gitops.branch import hold
from aks_flow.gitops.branch.branch import Branch, open_branch
from aks_flow.gitops.branch.history import WrittenState, current, previous
from aks_flow.gitops.branch.message import message
from aks_flow.gitops.branch.state import State
from aks_flow.gitops.branch.write import BranchWriter, FolderChange
from aks_flow.gitops.outcome import UNCHANGED, WriteOutcome
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import objects

_NEWER = "its branch has a newer commit"


def undo(
    context: DeliveryContext, environment: str, reason: str = "", dry: bool = False, only: str = ""
) -> WriteOutcome:
    """Go back to the state with the pin before, and hold it: automatic writes leave it alone until a release.

    Which state that is is decided once: a delivery that is written meanwhile is taken back as well. ``only``:
    the one commit that may be taken back; with any other nothing is changed.
    """
    context.config.environment(environment)
    branch = open_branch(context.run, context.config, history=True)
    tip = branch.tip()
    now = current(branch, tip, environment)
    if only and now.written.commit != only:
        return WriteOutcome(environment, UNCHANGED, now.image, note=_NEWER)
    if now.state.held and now.written.restores:
        note = f"it was taken back to {now.image.tag} and is held ({now.state.held})"
        return WriteOutcome(environment, UNCHANGED, now.image, note=note)
    before = previous(branch, tip, environment, now)
    change = _restored(branch, environment, before, reason or f"{now.image.tag} was undone")
    return _write(branch, environment, change, dry, now.state.tree if only else "")


def _write(branch: Branch, environment: str, change: FolderChange, dry: bool, only: str) -> WriteOutcome:
    """``only``: the folder that may be replaced, "" for any."""
    writer = BranchWriter(branch, environment)
    while True:
        there = writer.fetch()
        if only and there.tree not in (only, change.tree):
            return WriteOutcome(environment, UNCHANGED, there.image, note=_NEWER)
        if there.tree == change.tree:
            note = f"it has {change.image.tag} and is held"
            return WriteOutcome(environment, UNCHANGED, change.image, note=note)
        outcome = writer.write(change, dry)
        if outcome:
            return outcome


def release(context: DeliveryContext, environment: str, dry: bool = False) -> WriteOutcome:
    """Remove the environment's hold, so that automatic writes go on."""
    context.config.environment(environment)
    branch = open_branch(context.run, context.config)
    writer = BranchWriter(branch, environment)
    while True:
        state = writer.fetch()
        if not state.held:
            return WriteOutcome(environment, UNCHANGED, state.image, note="there is no hold")
        outcome = writer.write(_released(branch, environment, state), dry)
        if outcome:
            return outcome


def _restored(branch: Branch, environment: str, before: WrittenState, reason: str) -> FolderChange:
    """The earlier state's folder with a hold in it."""
    entries = branch.entries(before.state.tree)
    held = {**entries, hold.FILE: objects.file(branch.store(hold.write(reason)))}
    subject = f"Undo {environment}: back to {before.image.tag}, and hold"
    past = before.written
    restores, origin = past.restores or past.commit, past.source
    text = message(subject, environment, before.image, Source_Commit=origin, Restores=restores, Reason=reason)
    note = f"back to {before.image.tag} and held ({reason})"
    return FolderChange(branch.make_tree(held), before.image, text, note)


def _released(branch: Branch, environment: str, state: State) -> FolderChange:
    """The state's folder without its hold."""
    entries = {name: entry for name, entry in branch.entries(state.tree).items() if name != hold.FILE}
    text = message(f"Release the hold of {environment}", environment, state.image, Reason=state.held)
    note = f"the hold is released ({state.held})"
    return FolderChange(branch.make_tree(entries), state.image, text, note)
