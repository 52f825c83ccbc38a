"""The branch that CI writes and Argo CD reads, worked on without a checkout.

Commits are fetched and pushed by their hash: no ref, no index and no work tree of the person's repository
changes, and a killed run leaves nothing but unreachable objects.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitops.branch import state
from aks_flow.gitops.branch.refusals import RemoteRefusal, refusal
from aks_flow.gitops.branch.state import State
from aks_flow.manifests import layout
from aks_flow.tools.git import objects, past_commits, remote_refs, remotes
from aks_flow.tools.git.objects import TreeEntry

_TRIES = 5  # a tip that moves between being named and being fetched


class MissingBranch(AksFlowError):
    """The remote has no such branch."""


@dataclass(frozen=True)
class Tip:
    """A commit of the branch and what stands at its top, by name."""

    commit: str
    entries: Mapping[str, TreeEntry]


@dataclass(frozen=True)
class Branch:
    """``remote``: a name or an address. ``images``: the names of the app's, its own first. ``places``: the
    path of what Argo CD renders of each environment, by its name.

    ``depth``: how much history a shallow repository takes; 0 for all.
    """

    run: Runner
    repo: Path
    remote: str
    name: str
    images: tuple[str, ...]
    places: Mapping[str, str]
    depth: int = 0

    @property
    def app(self) -> str:
        """The name of the app's own image."""
        return self.images[0]

    def pin_path(self, environment: str) -> str:
        """The path within the branch of the kustomization that holds the pins."""
        return f"{self.places[environment]}/{layout.KUSTOMIZATION}"

    def tip(self) -> Tip:
        """The branch as it is at the remote now; MissingBranch, or a RemoteRefusal with git's words."""
        for _ in range(_TRIES):
            commit = self.remote_commit()
            if not commit:
                step = "`./inv gitops.init` makes it."
                raise MissingBranch(f"there is no branch {self.name}", where=self.remote, next_step=step)
            entries = self._fetched(commit)
            if entries is not None:
                return Tip(commit, entries)
        step = "Others write to it all the time: run the same command again in a moment."
        what = f"the branch {self.name} changed during every attempt to fetch it"
        raise AksFlowError(what, where=self.remote, next_step=step)

    def remote_commit(self) -> str:
        """The commit that the remote's branch is at, "" if there is no such branch."""
        answer = self.run.run(remote_refs.ls_remote(self.repo, self.remote, self.name))
        if answer.code:
            raise refusal(answer, self.remote, self.name)
        return remote_refs.parse_ls_remote(answer.text)

    def tip_at(self, commit: str) -> Tip:
        """An earlier commit of the branch as if it were the tip; it must be here."""
        return Tip(commit, self.entries(commit))

    def states(self, tip: Tip, environments: Iterable[str]) -> dict[str, State]:
        """What each environment's folder says, by environment."""
        names = list(environments)
        paths = [path for name in names for path in (self.pin_path(name), state.hold_path(name))]
        contents = self.contents(f"{tip.commit}:{path}" for path in paths)
        files = zip(names, contents[::2], contents[1::2], strict=True)
        return {name: self._state(tip, name, pin, hold) for name, pin, hold in files}

    def state(self, tip: Tip, environment: str) -> State:
        return self.states(tip, [environment])[environment]

    def _state(self, tip: Tip, environment: str, pin: bytes | None, hold: bytes | None) -> State:
        where = f"{self.name}:{self.pin_path(environment)}"
        folder = tip.entries.get(environment)
        return state.read(folder.hash, pin, hold, self.images, where) if folder else State()

    def entries(self, tree: str) -> dict[str, TreeEntry]:
        """A tree's entries by name; none if it is not here."""
        answer = self.run.run(objects.entries(self.repo, tree))
        return {} if answer.code else objects.parse_entries(answer.text)

    def diff(self, old_tree: str, new_tree: str) -> str:
        """git's diff between two trees; ``old_tree`` "" stands for an empty one."""
        return self.run.run(objects.diff(self.repo, old_tree or self.make_tree({}), new_tree)).text

    def make_tree(self, entries: Mapping[str, TreeEntry]) -> str:
        return self.run.run(objects.make_tree(self.repo, entries)).text.strip()

    def store(self, content: bytes) -> str:
        return self.run.run(objects.store(self.repo, content)).text.strip()

    def contents(self, names: Iterable[str]) -> list[bytes | None]:
        """Each object's content; None for one that is not here."""
        return objects.parse_objects(self.run.run(objects.read_objects(self.repo, names)).stdout)

    def push(self, commit: str) -> RemoteRefusal | None:
        """Move the remote's branch forward to ``commit``: None, or why the remote would not."""
        answer = self.run.run(remotes.push_commit(self.repo, self.remote, commit, self.name))
        return refusal(answer, self.remote, self.name) if answer.code else None

    def _fetched(self, commit: str) -> dict[str, TreeEntry] | None:
        """The commit's entries, fetched unless it is here with its history; None if the remote lacks it."""
        answer = self.run.run(objects.entries(self.repo, commit))
        if answer.code or self.depth == past_commits.ALL:
            fetched = self.run.run(remotes.fetch_commit(self.repo, self.remote, commit, self.depth))
            if fetched.code:
                return self._unless_moved(refusal(fetched, self.remote, self.name))
            answer = self.run.run(objects.entries(self.repo, commit))
        return objects.parse_entries(answer.text)

    @staticmethod
    def _unless_moved(error: RemoteRefusal) -> None:
        if not error.retryable:
            raise error


def open_branch(run: Runner, config: Config, history: bool = False) -> Branch:
    """The configured branch, seen from the repository that holds invoke.yaml.

    history: whether all its commits are needed. Otherwise a shallow repository takes the newest alone; a full
    one stays full either way.
    """
    answer = run.run(remotes.is_shallow(config.root))
    if answer.code:
        step = "Run this in a clone of the app's repository."
        reason, *_ = answer.error_text.splitlines() or ["git gave no reason"]
        what = f"this is not a git repository ({reason})"
        raise AksFlowError(what, where=str(config.root), next_step=step)
    shallow_depth = past_commits.ALL if history else 1
    depth = shallow_depth if answer.text.strip() == "true" else 0
    remote = config.destination.repository or "origin"
    places = {name: layout.source_path(config, name) for name in config.environments}
    images = tuple(config.app.built_images)
    return Branch(run, config.root, remote, config.gitops.branch, images, places, depth)
