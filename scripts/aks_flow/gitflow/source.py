"""The source that a delivery starts from: a repository's commit (or dirty work tree) as values."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow import version, version_facts, work_tree
from aks_flow.gitflow.names import Names, read_names
from aks_flow.tools.git import objects


@dataclass(frozen=True)
class Source:
    """What is delivered.

    repo: the repository. tree: the hash of its whole tree. commit, branch: as git says; branch is "" if
    detached. version: the commit's version. dirty: True if the tree is the work tree's, not the commit's.
    remarks: what is to be known of how the version was told.
    """

    repo: Path
    tree: str
    commit: str
    branch: str
    version: version.Version
    dirty: bool
    remarks: tuple[str, ...] = ()


def read(
    run: Runner,
    repo: Path,
    called: Mapping[str, str],
    allow_dirty: bool = False,
    known: version.Version | None = None,
    begun: Callable[[Source], None] = lambda source: None,
) -> Source:
    """Read ``repo``; a dirty work tree is an error unless it is allowed, and then marks the version.

    called: what its branches are called, by role; see `read_names`. known: the version, where it was told;
    then nothing is derived, and no history is needed. begun: hears what is checked out before that, without
    a version if that is to be derived.
    """
    status = work_tree.read(run, repo)
    if not status.commit:
        what = f"the branch {status.branch} has no commit yet"
        raise AksFlowError(what, where=str(repo), next_step="Commit first, or check out another branch.")
    if not allow_dirty:
        step = "Commit or stash them, or use --dirty to deliver them with a version that says so."
        work_tree.refuse_changes(status, repo, step)
    if status.submodules:
        what = f"the submodule {status.submodules[0]} has changes of its own, which no tree here holds"
        raise AksFlowError(what, where=str(repo), next_step="Commit them there, or take them back.")
    committed = objects.tree(repo, "", status.commit)
    tree = work_tree.tree_of_files(run, repo) if status.changed else run.run(committed).text.strip()
    source = Source(repo, tree, status.commit, status.branch, known, bool(status.changed))
    begun(source)
    return source if known else _derived(run, source, read_names(run, repo, called))


def _derived(run: Runner, source: Source, names: Names) -> Source:
    """The source with its version, told from the history."""
    head = version_facts.of_head(run, source.repo, names, source.commit, source.branch, os.environ)
    facts = replace(head.facts, dirty=source.tree if source.dirty else "")
    return replace(source, version=version.derive(facts), remarks=head.remarks)
