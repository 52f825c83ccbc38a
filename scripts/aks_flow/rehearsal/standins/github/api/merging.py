"""What the three ways of merging make of a pull request, and the push that it is for workflows."""

import tempfile
from dataclasses import replace
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.rehearsal.standins.github import pulls
from aks_flow.rehearsal.standins.github.api.tokens import ApiFault
from aks_flow.rehearsal.standins.github.event import BRANCH, REPOSITORY
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.pulls import Pull
from aks_flow.rehearsal.standins.github.receive import Update, receive
from aks_flow.rehearsal.standins.identity import AUTHOR
from aks_flow.tools.git import refs, remotes, worktree
from aks_flow.tools.git.merge import merge_commit

_OWNER = REPOSITORY.partition("/")[0]


def merge(hub: Hub, pull: Pull, method: str) -> str:
    """The commit that base ends in afterwards; ApiFault if it cannot be merged so."""
    ways = {"merge": _merge, "squash": _squash, "rebase": _rebase}
    if method not in ways:
        raise ApiFault(422, "Validation Failed", ({"field": "merge_method", "code": "invalid"},))
    before = hub.branch(pull.base)
    try:
        commit = ways[method](hub, pull, before)
    except (AksFlowError, CommandFailed):
        raise ApiFault(405, "Pull Request is not mergeable") from None
    hub.run.run(refs.update(hub.repository, f"{BRANCH}{pull.base}", commit))
    pulls.close(hub, pull, commit, before)
    receive(hub, [Update(before, commit, f"{BRANCH}{pull.base}")], inside_run=False)
    return commit


def _merge(hub: Hub, pull: Pull, base: str) -> str:
    message = f"Merge pull request #{pull.number} from {_OWNER}/{pull.head}\n\n{pull.title}"
    return _commit(hub, pull, (base, hub.branch(pull.head)), message)


def _squash(hub: Hub, pull: Pull, base: str) -> str:
    return _commit(hub, pull, (base,), f"{pull.title} (#{pull.number})")


def _commit(hub: Hub, pull: Pull, parents: tuple[str, ...], message: str) -> str:
    tree = pulls.merged_tree(hub, pull)
    return hub.run.run(merge_commit(hub.repository, tree, parents, message, AUTHOR)).text.strip()


def _rebase(hub: Hub, pull: Pull, base: str) -> str:
    """Each commit anew, even where a fast-forward would do."""
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as folder:
        clone = Path(folder) / "clone"
        hub.run.run(remotes.clone(hub.repository, clone))
        hub.run.run(worktree.detach(clone, hub.branch(pull.head)))
        hub.run.run(worktree.rebase(clone, base).with_env(**AUTHOR))
        commit = replace(hub, repository=clone).commit("HEAD")
        hub.run.run(remotes.fetch_commit(hub.repository, str(clone), commit))
    return commit
