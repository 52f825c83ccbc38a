"""The branch's history: which commit wrote an environment's state, and which state it had before."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile, islice

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow.supersede import Delivered, superseding
from aks_flow.gitops.branch.branch import Branch, Tip
from aks_flow.gitops.branch.state import State, hold_path
from aks_flow.tools.git import past_commits
from aks_flow.tools.git.past_commits import PastCommit


@dataclass(frozen=True)
class WrittenState:
    """An environment's state, and the commit of the branch that wrote it."""

    state: State
    written: PastCommit

    @property
    def image(self) -> ImageRef:
        return self.state.image


def current(branch: Branch, tip: Tip, environment: str) -> WrittenState:
    """What the environment has at ``tip``; AksFlowError if nothing was delivered there."""
    state = branch.state(tip, environment)
    if not state.image:
        step = f"`./inv gitops.deliver {environment}` delivers a version."
        raise AksFlowError(f"{environment} has no version yet", where=branch.name, next_step=step)
    return WrittenState(state, history(branch, tip, environment)[0])


def history(branch: Branch, tip: Tip, environment: str, count: int = past_commits.ALL) -> list[PastCommit]:
    """The commits that changed what the environment runs, newest first; a hold alone is no change."""
    paths = (environment, f":(exclude){hold_path(environment)}")
    return past_commits.parse_history(
        branch.run.run(past_commits.history(branch.repo, tip.commit, paths, count)).text
    )


@dataclass(frozen=True)
class BranchLine:
    """All commits of the branch, the newest first, each with the paths that it changed."""

    commits: Sequence[tuple[PastCommit, Sequence[str]]] = ()

    @property
    def hashes(self) -> list[str]:
        return [past.commit for past, _ in self.commits]

    def history(self, environment: str) -> list[PastCommit]:
        """What `history` gives."""
        return [past for past, paths in self.commits if any(_is_state(path, environment) for path in paths)]


def _is_state(path: str, environment: str) -> bool:
    """Whether a path is of an environment, and not its hold."""
    return path.startswith((f"{environment}/", f'"{environment}/')) and path != hold_path(environment)


def line(branch: Branch, tip: Tip) -> BranchLine:
    answer = branch.run.run(past_commits.history_with_paths(branch.repo, tip.commit))
    return BranchLine(past_commits.parse_history_with_paths(answer.text))


def newer(branch: Branch, tip: Tip, environment: str, state: State, mine: Delivered) -> str:
    """The environment's version if it is newer than ``mine`` and of its line, else ""; state: at ``tip``."""
    if state.image is None:
        return ""
    past = history(branch, tip, environment, count=1)
    there = Delivered(past[0].source if past else "", state.image.tag)
    return superseding(branch.run, branch.repo, mine, there)


def previous(branch: Branch, tip: Tip, environment: str, now: WrittenState) -> WrittenState:
    """The newest state before ``now`` that pins another image; AksFlowError if there is none.

    A state that an undo has restored counts from the commit that wrote it first.
    """
    first = now.written.restores or now.written.commit
    commits = history(branch, tip, environment)
    from_first = dropwhile(lambda past: past.commit != first, commits)
    for past in islice(from_first, 1, None):
        state = _readable(branch, past.commit, environment)
        if state and state.image and state.image != now.image:
            return WrittenState(state, past)
    step = "Deliver a corrected version instead."
    raise AksFlowError(
        f"{environment} has had no version but {now.image.tag}", where=branch.name, next_step=step
    )


def _readable(branch: Branch, commit: str, environment: str) -> State | None:
    """The state at an earlier commit; None if its pin cannot be read."""
    try:
        return branch.state(branch.tip_at(commit), environment)
    except AksFlowError:
        return None
