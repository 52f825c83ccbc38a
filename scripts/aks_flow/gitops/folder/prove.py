"""The proof that a folder renders and runs its image, before anyone is given it."""

from collections.abc import Callable
from functools import cache, partial

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.branch.state import State, kustomization
from aks_flow.gitops.folder.derive import Folder, pinned
from aks_flow.gitops.folder.render import NotRendered, rendered
from aks_flow.tools.git import objects


def _differs_in_pins_only(branch: Branch, state: State, folder: Folder) -> bool:
    """Whether the branch has this folder but for the pins: then it was proven when that was written."""
    environment = folder.draft.environment
    if not state.tree or pinned(state.text, branch.app, folder.draft) != folder.text:
        return False
    names = branch.run.run(objects.changed_files(branch.repo, state.tree, folder.tree)).text.splitlines()
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
    try:
        text = rendered(branch, folder.tree, draft.environment)
    except NotRendered as error:
        what = f"the manifests of {draft.environment} do not render:\n    {error.said}\n"
        step = "Correct them and commit."
        raise AksFlowError(what, where=f"source commit {draft.commit[:12]}", next_step=step) from error
    if str(draft.image) not in text:
        what = f"the manifests of {draft.environment} render without {draft.image}"
        step = f"Let a workload's `image` be {branch.app}, the name that the overlay's pin replaces."
        raise AksFlowError(what, where=draft.where, next_step=step)
