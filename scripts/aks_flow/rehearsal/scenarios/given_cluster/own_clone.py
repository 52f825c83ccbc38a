"""The clone that is delivered from to a given cluster, its manifests under the rehearsal's own names."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from aks_flow.core.config import Config
from aks_flow.rehearsal.scenarios import routes, workspace
from aks_flow.rehearsal.scenarios.given_cluster.renaming import Renaming
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import remotes, worktree


def folder(context: DeliveryContext) -> Path:
    return context.config.state / "given"


def make(context: DeliveryContext, renaming: Renaming) -> Path:
    """A new clone of the repository's HEAD, on develop, with the names in a commit on top."""
    run, config, repo = context.run, context.config, folder(context)
    shutil.rmtree(repo, ignore_errors=True)
    run.run(remotes.clone(config.root, repo))
    run.run(worktree.checkout_new(repo, routes.develop(config), "HEAD"))
    renamed = [file for file in _files(config, repo) if _is_renamed(file, renaming)]
    if renamed:  # a chart need not hold any of the names
        workspace.commit(run, repo, "Rehearse under names of its own")
    return repo


def _files(config: Config, repo: Path) -> Iterator[Path]:
    """Those of the manifests, the chart and Argo CD's objects."""
    folders = (config.app.manifests, config.app.render.chart, config.gitops.applications)
    files = {file for name in folders if name for file in (repo / name).rglob("*") if file.is_file()}
    yield from sorted(files)


def _is_renamed(file: Path, renaming: Renaming) -> bool:
    """Whether the file was changed by the renaming."""
    data = file.read_bytes()
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False  # no manifest
    changed = renaming.applied(text).encode()
    if changed != data:
        file.write_bytes(changed)
    return changed != data
