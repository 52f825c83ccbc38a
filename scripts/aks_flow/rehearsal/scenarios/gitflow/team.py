"""The clone that a developer of the team would have, with the rehearsal's GitHub as its origin."""

import shutil
from pathlib import Path

from aks_flow.rehearsal.scenarios.push_and_pull import workspace
from aks_flow.rehearsal.scenarios.push_and_pull.workspace import DEVELOP
from aks_flow.rehearsal.standins.github.event import BRANCH
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.identity import EMAIL, NAME
from aks_flow.target.delivery import Delivery
from aks_flow.tools.git import branches, refs, worktree

MAIN = "main"
_GRAPH_COMMITS = 24
_SETTINGS = {"user.name": NAME, "user.email": EMAIL, "commit.gpgsign": "false", "tag.gpgsign": "false"}


def clone(hands: Delivery, hub: Hub) -> Path:
    """A new clone, on develop; what an interrupted rehearsal left open at origin is taken away."""
    run, repo = hands.run, hands.config.state / "team"
    if not hub.commit(f"{BRANCH}{MAIN}"):
        _seed(hands, hub)
    for branch in refs.parse_branches(run.run(refs.branches(hub.repository)).text):
        if branch not in (MAIN, DEVELOP, hands.config.gitops.branch):
            run.run(branches.remove(hub.repository, branch))
    shutil.rmtree(repo, ignore_errors=True)
    run.run(worktree.clone(hub.repository, repo))
    for key, value in _SETTINGS.items():
        run.run(worktree.configure(repo, key, value))
    run.run(worktree.checkout(repo, DEVELOP))
    return repo


def _seed(hands: Delivery, hub: Hub) -> None:
    """main and develop begin where this repository is. Fetched, not pushed: no workflow starts."""
    head = _head(hands)
    wanted = (f"{head}:{BRANCH}{MAIN}", f"{head}:{BRANCH}{DEVELOP}", "refs/tags/*:refs/tags/*")
    hands.run.run(worktree.fetch(hub.repository, str(hands.config.root), *wanted))


def take_over(hands: Delivery, repo: Path) -> None:
    """Merge what this repository has by now and what `rehearse` has committed into what is checked out."""
    config = hands.config
    workspace.take_over(hands.run, repo, config.root, "HEAD")
    workspace.take_over(hands.run, repo, config.state / workspace.HOME, DEVELOP)


def graph(hands: Delivery, repo: Path) -> str:
    """What rehearsals have committed, as git draws it, the newest first."""
    return hands.run.run(worktree.graph(repo, _head(hands), _GRAPH_COMMITS)).text.rstrip()


def _head(hands: Delivery) -> str:
    """The commit of the person's own repository that is rehearsed."""
    return worktree.parse_status(hands.run.run(worktree.status(hands.config.root)).text).commit
