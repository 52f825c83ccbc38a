"""The proof that a folder renders and runs its image, before anyone is given it."""

import io
import tarfile
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from scripts.errors import AksFlowError
from scripts.gitops.branch import Branch
from scripts.gitops.folder import Draft, Folder, pinned
from scripts.gitops.state import State, kustomization
from scripts.runner import CommandFailed
from scripts.tools import git, kubectl, plumbing


def _differs_in_pins_only(branch: Branch, state: State, folder: Folder) -> bool:
    """Whether the branch has this folder but for the pins: then it was proven when that was written."""
    environment = folder.draft.environment
    if not state.tree or pinned(state.text, branch.app, folder.draft) != folder.text:
        return False
    names = branch.run.run(plumbing.changed_files(branch.repo, state.tree, folder.tree)).text.splitlines()
    return [f"{environment}/{name}" for name in names] == [kustomization(environment)]


def prover(branch: Branch) -> Callable[[Folder, State], None]:
    """Proves a folder that is to replace a state: at most once, however often it is derived again."""
    rendered = cache(partial(_prove, branch))

    def prove(folder: Folder, state: State) -> None:
        if not _differs_in_pins_only(branch, state, folder):
            rendered(folder)

    return prove


def _prove(branch: Branch, folder: Folder) -> None:
    """AksFlowError unless kustomize renders the folder, and what it renders runs the image."""
    draft = folder.draft
    if str(draft.image) not in _render(branch, folder):
        what = f"the manifests of {draft.environment} render without {draft.image}"
        step = f"Let a workload's `image` be {branch.app}, the name that the overlay's pin replaces."
        raise AksFlowError(what, where=draft.where, next_step=step)


def _render(branch: Branch, folder: Folder) -> str:
    archive = branch.run.run(git.archive(branch.repo, folder.tree)).stdout
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as top:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(top, filter="data")
        overlay = Path(top, "overlays", folder.draft.environment)
        try:
            return branch.run.run(kubectl.kustomize(overlay)).text
        except CommandFailed as error:
            raise _refused(folder.draft, error, top) from error


def _refused(draft: Draft, error: CommandFailed, top: str) -> AksFlowError:
    said = error.result.error_text.strip().replace(top, draft.manifests)
    what = f"the manifests of {draft.environment} do not render:\n    {said}\n"
    return AksFlowError(
        what, where=f"source commit {draft.commit[:12]}", next_step="Correct them and commit."
    )
