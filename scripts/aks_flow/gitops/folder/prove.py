"""The proof that a folder renders and runs its images, before it is written to the branch."""

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import by_name
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.branch.state import State
from aks_flow.gitops.folder.derive import Draft, Folder, pinned
from aks_flow.gitops.folder.render import NotRendered, rendered
from aks_flow.manifests import permitted, render
from aks_flow.manifests.layout import in_tree
from aks_flow.manifests.unpinned import check_pinned
from aks_flow.manifests.yaml_edit import fields
from aks_flow.tools.git import objects


def prove_folder(branch: Branch, folder: Folder, state: State) -> None:
    """AksFlowError unless kustomize renders the folder, and what it renders runs the images that it pins.

    state: the environment's on the branch. A folder that differs from it in the pins at most is not
    rendered again: it was proven when that state was written.
    """
    if _differs_in_pins_only(branch, state, folder):
        return
    draft = folder.draft
    try:
        text = rendered(branch, folder.tree, draft.environment)
    except NotRendered as error:
        what = f"the manifests of {draft.environment} do not render:\n    {error.words}\n"
        step = "Correct them and commit."
        raise AksFlowError(what, where=f"source commit {draft.commit[:12]}", next_step=step) from error
    listed = {name for name, _ in fields.get(folder.text, "images[*].name", where=draft.where)}
    for name, image in by_name(draft.image, branch.app).items():
        if name in listed and str(image) not in text:
            what = f"the manifests of {draft.environment} render without {image}"
            step = f"Let a workload's `image` be {name}, the name that the overlay's pin replaces."
            raise AksFlowError(what, where=draft.where, next_step=step)
    config = draft.request.config
    _check_permitted(branch, draft, render.objects(text))
    check_pinned(render.objects(text), draft.image.members, draft.copies, config, draft.environment)


def _check_permitted(branch: Branch, draft: Draft, items: list[dict]) -> None:
    """AksFlowError if the AppProject of the source commit does not permit one of the objects."""
    file = permitted.file_of(draft.request.config, draft.environment)
    project = branch.entries(f"{draft.commit}:{in_tree(str(file.parent))}").get(file.name)
    if project is None:
        return
    [text] = branch.contents([project.hash])
    for item in permitted.refused(text.decode(errors="surrogateescape"), items):
        name = f"{item['kind']}/{item['metadata'].get('name', '')}"
        what = f"Argo CD would refuse {name}: its project does not permit it"
        where = f"{file} as of {draft.commit[:12]}"
        step = f"Add {permitted.entry(item)}, commit, and run `./inv argocd.apply`."
        raise AksFlowError(what, where=where, next_step=step)


def _differs_in_pins_only(branch: Branch, state: State, folder: Folder) -> bool:
    draft = folder.draft
    if not (state.tree and draft.is_overlay) or pinned(state.text, draft) != folder.text:
        return False
    names = branch.run.run(objects.changed_files(branch.repo, state.tree, folder.tree)).text.splitlines()
    return {f"{draft.environment}/{name}" for name in names} <= {branch.pin_path(draft.environment)}
