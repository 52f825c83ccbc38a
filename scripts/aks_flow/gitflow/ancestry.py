"""Which commit a name means, and whether it comes before another one, as far as the clone knows them."""

from pathlib import Path

from aks_flow.core.runner import Runner
from aks_flow.tools.git import ancestors, refs


def commit_of(run: Runner, repo: Path, name: str) -> str:
    """The hash of the commit that a name means; "" if it means none, or several."""
    return refs.parse_commit(run.run(refs.resolve(repo, name)).text)


def knows(run: Runner, repo: Path, commit: str) -> bool:
    """Whether the clone has the commit."""
    return bool(commit) and run.run(refs.resolve(repo, commit)).code == 0


def contains(run: Runner, repo: Path, newer: str, older: str) -> bool:
    """Whether ``older`` is ``newer`` or one of its ancestors; both must be known."""
    return run.run(ancestors.is_ancestor(repo, older, newer)).code == 0
