"""The clones that scenarios work in: commits are made there, never in the person's work tree."""

import shutil
from dataclasses import replace
from pathlib import Path

from aks_flow.core.command import Command
from aks_flow.core.config import Config
from aks_flow.core.runner import Runner
from aks_flow.rehearsal.scenarios import app_change, routes
from aks_flow.rehearsal.standins.identity import AUTHOR
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import ancestors, merge, refs, remotes, worktree

HOME = "clone"  # the one that `rehearse` works in
_LEFT = "refs/rehearsed"


def clone(run: Runner, config: Config, name: str = HOME) -> Path:
    """The clone of that name under .rehearsal/, on develop, brought up to the repository's HEAD.

    What `rehearse --gitflow` has pushed is taken over too: a version that it delivered must not look newer.
    """
    repo = config.state / name
    if not repo.is_dir():
        draft = repo.with_name(f"{name}.new")  # a run that is killed here starts anew
        shutil.rmtree(draft, ignore_errors=True)
        run.run(remotes.clone(config.root, draft))
        run.run(worktree.checkout_new(draft, routes.develop(config), "HEAD"))
        draft.rename(repo)
    run.run(worktree.checkout(repo, routes.develop(config)))
    take_over(run, repo, config.root, "HEAD")
    take_over(run, repo, Path(config.destination.repository), routes.develop(config))
    return repo


def working_in(context: DeliveryContext, repo: Path) -> DeliveryContext:
    """The same context, which delivers what is checked out in ``repo``: its target keeps its meaning."""
    config = context.config
    targets = {name: config.at(name).destination for name in config.targets}
    return replace(context, config=replace(config, root=repo, targets=targets))


def take_over(run: Runner, repo: Path, source: Path, name: str) -> None:
    """Merge a commit of another repository into the branch that is checked out; the other's files win."""
    commit = _fetch(run, repo, source, name)
    if commit and run.run(ancestors.is_ancestor(repo, commit, "HEAD")).code:
        run.run(_own(merge.merge_theirs(repo, commit, f"Take over {commit}")))


def branch_off(run: Runner, config: Config, repo: Path, version: str) -> str:
    """A release branch with develop's files; its name.

    It stands above what the target's repository and the clones beside this one have of that release: whoever
    delivered a candidate last, the next one is newer.
    """
    develop, branch = routes.develop(config), routes.release(config, version)
    origin = Path(config.destination.repository)
    clones = sorted(path.parent for path in repo.parent.glob("*/.git"))
    tips = [tip for source in (origin, *clones) if (tip := _fetch(run, repo, source, branch))]
    start = develop
    if tips:
        parents = dict.fromkeys([*tips, develop])
        joined = merge.merge_commit(repo, f"{develop}^{{tree}}", parents, f"Take over {develop}", AUTHOR)
        start = run.run(joined).text.strip()
    run.run(worktree.checkout_new(repo, branch, start))
    return branch


def leave_commits(run: Runner, config: Config, repo: Path) -> None:
    """Give the target's repository what was delivered from the clone, as a team would have pushed it.

    A person can deliver that by hand then: `gitops.deliver` asks there for the commit of a version. It is on
    no branch, and so starts no workflow.
    """
    run.run(remotes.fetch_branches(Path(config.destination.repository), str(repo), _LEFT))


def _fetch(run: Runner, repo: Path, source: Path, name: str) -> str:
    """The commit that a name means in another repository, with its history here; "" if it means none."""
    commit = run.run(refs.resolve(source, name)).text.strip() if source.is_dir() else ""
    if commit:
        run.run(remotes.fetch_refs(repo, str(source), commit))
    return commit


def change(run: Runner, config: Config, repo: Path, text: str) -> None:
    """Commit the change of the app that says the text; AksFlowError as of `app_change.write`."""
    run.run(worktree.add(repo, app_change.write(config, repo, text)))
    run.run(_own(worktree.commit_all(repo, f"Show that this was {text}")))


def commit(run: Runner, repo: Path, message: str) -> None:
    """Commit what has changed in the clone."""
    run.run(_own(worktree.commit_all(repo, message)))


def take_back(run: Runner, repo: Path) -> None:
    """Commit the opposite of the clone's newest commit."""
    run.run(_own(worktree.revert_head(repo)))


def _own(built: Command) -> Command:
    """Under the rehearsal's own name."""
    return built.with_env(**AUTHOR)
