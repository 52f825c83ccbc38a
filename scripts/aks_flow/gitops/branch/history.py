"""The branch's past: where an environment's state came from, and which one it had before."""

from dataclasses import dataclass
from itertools import dropwhile, islice

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitops.branch import hold
from aks_flow.gitops.branch.branch import Branch, Tip
from aks_flow.gitops.branch.state import State
from aks_flow.tools.git import objects
from aks_flow.tools.git.objects import Past


@dataclass(frozen=True)
class Standing:
    """What an environment has: its state, and the commit of the branch that wrote it."""

    state: State
    written: Past

    @property
    def image(self) -> ImageRef:
        return self.state.image


def standing(branch: Branch, tip: Tip, environment: str) -> Standing:
    """What the environment has at ``tip``; AksFlowError if nothing was delivered there."""
    found = branch.state(tip, environment)
    if not found.image:
        step = f"`./inv gitops.deliver {environment}` delivers a version."
        raise AksFlowError(f"{environment} has no version yet", where=branch.name, next_step=step)
    return Standing(found, history(branch, tip, environment)[0])


def history(branch: Branch, tip: Tip, environment: str) -> list[Past]:
    """The commits that changed what the environment runs, newest first; a hold alone is no change."""
    paths = (environment, f":(exclude){environment}/{hold.FILE}")
    return objects.parse_history(branch.run.run(objects.history(branch.repo, tip.commit, paths)).text)


def previous(branch: Branch, tip: Tip, environment: str, now: Standing) -> Standing:
    """The newest earlier state with another pin. What an undo restored counts from where it stood first."""
    first = now.written.restores or now.written.commit
    commits = history(branch, tip, environment)
    earlier = dropwhile(lambda past: past.commit != first, commits)
    for past in islice(earlier, 1, None):
        found = _readable(branch, past.commit, environment)
        if found and found.image and found.image != now.image:
            return Standing(found, past)
    step = "Deliver a corrected version instead."
    raise AksFlowError(
        f"{environment} has had no version but {now.image.tag}", where=branch.name, next_step=step
    )


def _readable(branch: Branch, commit: str, environment: str) -> State | None:
    """The state at an earlier commit; None if its pin cannot be read."""
    try:
        return branch.state(branch.at(commit), environment)
    except AksFlowError:
        return None
