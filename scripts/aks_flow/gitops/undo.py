"""A person's way back: the previous state and a hold in one commit, and the hold's release."""

from functools import partial

from aks_flow.gitops.branch import hold
from aks_flow.gitops.branch import write as land
from aks_flow.gitops.branch.branch import Branch, open_branch
from aks_flow.gitops.branch.history import Standing, previous, standing
from aks_flow.gitops.branch.message import message
from aks_flow.gitops.branch.state import State
from aks_flow.gitops.branch.write import Write
from aks_flow.gitops.outcome import UNCHANGED, Outcome
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import objects


def undo(context: DeliveryContext, environment: str, reason: str = "", dry: bool = False) -> Outcome:
    """Back to the state with the pin before; automatic writes then leave it alone until the hold is released.

    What to go back to is decided once: a delivery that lands meanwhile is taken back as well.
    """
    context.config.environment(environment)
    branch = open_branch(context.run, context.config, history=True)
    tip = branch.tip()
    now = standing(branch, tip, environment)
    if now.state.held and now.written.restores:
        note = f"it was taken back to {now.image.tag} and is held ({now.state.held})"
        return Outcome(environment, UNCHANGED, now.image, note=note)
    before = previous(branch, tip, environment, now)
    write = _restoring(branch, environment, before, reason or f"{now.image.tag} was undone")
    return land.land(branch, environment, partial(_unless_there, environment, write), dry)


def release(context: DeliveryContext, environment: str, dry: bool = False) -> Outcome:
    """Let automatic writes go on."""
    context.config.environment(environment)
    branch = open_branch(context.run, context.config)
    return land.land(branch, environment, partial(_released, branch, environment), dry)


def _restoring(branch: Branch, environment: str, before: Standing, reason: str) -> Write:
    entries = branch.entries(before.state.tree)
    held = {**entries, hold.FILE: objects.file(branch.store(hold.write(reason)))}
    subject = f"Undo {environment}: back to {before.image.tag}, and hold"
    past = before.written
    restores, origin = past.restores or past.commit, past.source
    text = message(subject, environment, before.image, Source_Commit=origin, Restores=restores, Reason=reason)
    return Write(
        branch.make_tree(held), before.image, text, f"back to {before.image.tag} and held ({reason})"
    )


def _unless_there(environment: str, write: Write, state: State) -> Write | Outcome:
    if state.tree == write.tree:
        return Outcome(environment, UNCHANGED, write.image, note=f"it has {write.image.tag} and is held")
    return write


def _released(branch: Branch, environment: str, state: State) -> Write | Outcome:
    if not state.held:
        return Outcome(environment, UNCHANGED, state.image, note="there is no hold")
    entries = {name: entry for name, entry in branch.entries(state.tree).items() if name != hold.FILE}
    text = message(f"Release the hold of {environment}", environment, state.image, Reason=state.held)
    return Write(branch.make_tree(entries), state.image, text, f"the hold is released ({state.held})")
