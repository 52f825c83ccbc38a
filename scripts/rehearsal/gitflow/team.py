"""The clone that a developer of the team would have, with the rehearsal's GitHub as its origin."""

import shutil
from pathlib import Path

from scripts.delivery import Delivery
from scripts.rehearsal.github.event import BRANCH
from scripts.rehearsal.github.hub import Hub
from scripts.rehearsal.identity import EMAIL, NAME
from scripts.rehearsal.story import workspace
from scripts.rehearsal.story.workspace import DEVELOP
from scripts.tools import branching, git, refs

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
            run.run(branching.remove(hub.repository, branch))
    shutil.rmtree(repo, ignore_errors=True)
    run.run(git.clone(hub.repository, repo))
    for key, value in _SETTINGS.items():
        run.run(git.configure(repo, key, value))
    run.run(git.checkout(repo, DEVELOP))
    return repo


def _seed(hands: Delivery, hub: Hub) -> None:
    """main and develop begin where this repository is. Fetched, not pushed: no workflow starts."""
    head = _head(hands)
    wanted = (f"{head}:{BRANCH}{MAIN}", f"{head}:{BRANCH}{DEVELOP}", "refs/tags/*:refs/tags/*")
    hands.run.run(git.fetch(hub.repository, str(hands.config.root), *wanted))


def take_over(hands: Delivery, repo: Path) -> None:
    """Merge what this repository has by now and what `rehearse` has committed into what is checked out."""
    config = hands.config
    workspace.take_over(hands.run, repo, config.root, "HEAD")
    workspace.take_over(hands.run, repo, config.state / workspace.HOME, DEVELOP)


def graph(hands: Delivery, repo: Path) -> str:
    """What rehearsals have committed, as git draws it, the newest first."""
    return hands.run.run(git.graph(repo, _head(hands), _GRAPH_COMMITS)).text.rstrip()


def _head(hands: Delivery) -> str:
    """The commit of the person's own repository that is rehearsed."""
    return git.parse_status(hands.run.run(git.status(hands.config.root)).text).commit
