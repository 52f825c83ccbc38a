"""The clone that a developer of the team would have, with the rehearsal's GitHub as its origin."""

import shutil
from pathlib import Path

from aks_flow.rehearsal.scenarios import routes, workspace
from aks_flow.rehearsal.standins.github.event import BRANCH
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.identity import EMAIL, NAME
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import branches, log, refs, remotes, settings, worktree

_GRAPH_COMMITS = 24
_SETTINGS = {"user.name": NAME, "user.email": EMAIL}


def make(context: DeliveryContext, hub: Hub) -> Path:
    """A new clone, on develop; what an interrupted rehearsal left open at origin is taken away."""
    run, repo = context.run, _folder(context)
    main, develop = routes.main(context.config), routes.develop(context.config)
    if not hub.commit(f"{BRANCH}{main}"):
        _seed(context, hub, main, develop)
    for branch in refs.parse_branches(run.run(refs.branches(hub.repository)).text):
        if branch not in (main, develop, context.config.gitops.branch):
            run.run(branches.remove(hub.repository, branch))
    shutil.rmtree(repo, ignore_errors=True)
    run.run(remotes.clone(hub.repository, repo))
    for key, value in _SETTINGS.items():
        run.run(settings.change(repo, key, value))
    run.run(worktree.checkout(repo, develop))
    return repo


def _folder(context: DeliveryContext) -> Path:
    return context.config.state / "team"


def _seed(context: DeliveryContext, hub: Hub, *names: str) -> None:
    """The branches begin where this repository is. Fetched, not pushed: no workflow starts."""
    head = _head(context)
    refspecs = (*(f"{head}:{BRANCH}{name}" for name in names), "refs/tags/*:refs/tags/*")
    context.run.run(remotes.fetch_refs(hub.repository, str(context.config.root), *refspecs))


def take_over(context: DeliveryContext, repo: Path) -> None:
    """Merge what this repository has by now and what `rehearse` has committed into what is checked out."""
    config = context.config
    workspace.take_over(context.run, repo, config.root, "HEAD")
    workspace.take_over(context.run, repo, config.state / workspace.HOME, routes.develop(config))


def graph(context: DeliveryContext) -> str:
    """What rehearsals have committed, as git draws it, the newest first."""
    return context.run.run(log.graph(_folder(context), _head(context), _GRAPH_COMMITS)).text.rstrip()


def _head(context: DeliveryContext) -> str:
    """The commit of the person's own repository that is rehearsed."""
    return worktree.parse_status(context.run.run(worktree.status(context.config.root)).text).commit
