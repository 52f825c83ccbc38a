"""An environment's folder on the branch, derived whole from a source commit and the images to run."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef, by_name
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.branch.message import message
from aks_flow.gitops.branch.write import FolderChange
from aks_flow.image.bring import copies
from aks_flow.manifests import render
from aks_flow.manifests.yaml_edit import fields
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import objects

_FILE = "kustomization.yaml"
_NOT_COPIED = ("overlays", "argocd")


@dataclass(frozen=True)
class Draft:
    """What a folder is to hold: ``manifests`` as of ``commit``, with these images pinned in the overlay.

    components: what the target adds to the overlay.
    """

    environment: str
    manifests: str
    commit: str
    image: ImageRef
    copies: Mapping[str, ImageRef] = field(hash=False)
    components: tuple[str, ...] = ()

    @property
    def overlay(self) -> str:
        return f"{self.manifests}/overlays/{self.environment}"

    @property
    def where(self) -> str:
        return f"{self.overlay}/{_FILE} as of {self.commit[:12]}"


@dataclass(frozen=True)
class Folder:
    """A derived folder: the hash of its tree, and the text of the kustomization with the pins."""

    draft: Draft
    tree: str
    text: str

    def change(self, subject: str, note: str) -> FolderChange:
        """The folder as a change of the branch, whose message names the source commit."""
        draft = self.draft
        text = message(subject, draft.environment, draft.image, Source_Commit=draft.commit)
        return FolderChange(self.tree, draft.image, text, note)


def derive_folder(
    context: DeliveryContext, branch: Branch, environment: str, image: ImageRef, commit: str
) -> Folder:
    """The environment's folder with ``image`` and the manifests of a source commit that is here.

    It is stored in the repository, on no branch. AksFlowError naming the file that stands in the way.
    """
    config = context.config
    draft = Draft(environment, config.app.manifests, commit, image, copies(context), config.components)
    top = branch.entries(f"{draft.commit}:{draft.manifests}")
    overlay, text = _pinned_overlay(branch, draft)
    overlays = {environment: objects.folder(branch.make_tree(overlay))}
    shared = {name: entry for name, entry in top.items() if name not in _NOT_COPIED}
    entries = {**shared, "overlays": objects.folder(branch.make_tree(overlays))}
    return Folder(draft, branch.make_tree(entries), text)


def _pinned_overlay(branch: Branch, draft: Draft) -> tuple[dict[str, objects.TreeEntry], str]:
    """The overlay's entries with the pins in its kustomization, and that file's text."""
    overlay = branch.entries(f"{draft.commit}:{draft.overlay}")
    if _FILE not in overlay:
        step = "Commit the overlay, or remove the environment from invoke.yaml."
        raise AksFlowError("there is no such file", where=draft.where, next_step=step)
    [content] = branch.contents([overlay[_FILE].hash])
    text = pinned(content.decode(errors="surrogateescape"), branch.app, draft)
    stored = branch.store(text.encode(errors="surrogateescape"))
    return {**overlay, _FILE: replace(overlay[_FILE], hash=stored)}, text


def pinned(text: str, app: str, draft: Draft) -> str:
    """A kustomization with the app's pins and those of the copies that it lists; its other bytes stay."""
    for name, _ in fields.get(text, "images[*].name", where=draft.where):
        if name in draft.copies and not draft.copies[name].digest:
            step = "`./inv image.mirror` brings it there."
            raise AksFlowError("the registry has no copy", where=str(draft.copies[name]), next_step=step)
    return render.pinned(
        text, app, {**draft.copies, **by_name(draft.image, app)}, draft.where, draft.components
    )
