"""An environment's folder on the branch, derived whole from a source commit and the images to run."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, replace

import yaml

from aks_flow.core.config.render import KUSTOMIZE
from aks_flow.core.image_ref import ImageRef, by_name
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.branch.message import message
from aks_flow.gitops.branch.write import FolderChange
from aks_flow.gitops.folder import followed
from aks_flow.gitops.folder.render import kept
from aks_flow.image.bring import copies
from aks_flow.manifests import layout, overlay, render
from aks_flow.manifests.layout import KUSTOMIZATION, RENDERED
from aks_flow.manifests.render_request import RenderRequest
from aks_flow.manifests.unpinned import no_copy
from aks_flow.manifests.yaml_edit import fields
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import objects
from aks_flow.tools.git.objects import TreeEntry

_RENDERED_HEAD = (
    f"# {RENDERED} is rendered; `images` says which of its images are the version, and sets none.\n"
)


@dataclass(frozen=True)
class Draft:
    """What a folder is to hold: the manifests of a request, whose tree is the source commit.

    image: the version. copies: of third-party images, by name.
    """

    request: RenderRequest
    image: ImageRef
    copies: Mapping[str, ImageRef]

    @property
    def environment(self) -> str:
        return self.request.environment

    @property
    def commit(self) -> str:
        return self.request.tree

    @property
    def where(self) -> str:
        written_in = layout.written_in(self.request.config, self.environment)
        return f"{written_in} as of {self.commit[:12]}"

    @property
    def is_overlay(self) -> bool:
        """Whether the folder is a kustomization as the source commit has it; else it is rendered already."""
        return self.request.config.app.render.kind == KUSTOMIZE


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
    third_party = copies(context)
    images = {**third_party, **by_name(image, branch.app)}
    request = RenderRequest(branch.repo, commit, context.config, environment, images)
    draft = Draft(request, image, third_party)
    return _with_overlay(branch, draft) if draft.is_overlay else _rendered(branch, draft)


def _rendered(branch: Branch, draft: Draft) -> Folder:
    """What Argo CD is to apply, as one text: plain manifests and charts."""
    manifests = render.render(branch.run, draft.request)
    listed = {
        name: image for name, image in by_name(draft.image, branch.app).items() if str(image) in manifests
    }
    text = _RENDERED_HEAD + yaml.safe_dump(_kustomization(listed), sort_keys=False)
    files = {KUSTOMIZATION: kept(text, draft.where), RENDERED: manifests}
    entries = {name: objects.file(branch.store(content.encode())) for name, content in files.items()}
    return Folder(draft, branch.make_tree(entries), text)


def _kustomization(listed: Mapping[str, ImageRef]) -> dict:
    pins = [
        {"name": name, "newName": image.name, "newTag": image.tag, "digest": image.digest}
        for name, image in listed.items()
    ]
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [RENDERED],
        "images": pins,
    }


def _with_overlay(branch: Branch, draft: Draft) -> Folder:
    """The manifests as the commit has them, without others' overlays; the environment's is `pinned`."""
    config = draft.request.config
    place = layout.place(config, draft.environment)
    top = f"{draft.commit}:{layout.top(config)}"
    entry = branch.entries(f"{top}/{place}".replace(":/", ":").rstrip("/")).get(KUSTOMIZATION)
    if entry is None:
        raise overlay.missing(config, draft.environment)
    [content] = branch.contents([entry.hash])
    text = pinned(content.decode(errors="surrogateescape"), draft)
    stored = branch.store(text.encode(errors="surrogateescape"))
    left_out = _left_out(draft)
    changes = dict.fromkeys(left_out) | {posixpath.join(place, KUSTOMIZATION): stored}
    whole = bool(layout.top(config))  # else it is the repository, which has more than manifests
    wanted = [""] if whole else followed.folders(branch, draft.commit, place, text)
    return Folder(draft, _changed(branch, followed.entries_of(branch, top, wanted), changes), text)


def _left_out(draft: Draft) -> set[str]:
    """The folders that are other environments' alone, and that of the Argo CD objects."""
    config = draft.request.config
    folders = layout.own_folders(config)
    place = folders.pop(draft.environment)
    others = {folder for folder in folders.values() if not _meet(folder, place)}
    return {folder for folder in (*others, layout.applications_inside(config)) if folder}


def _meet(folder: str, other: str) -> bool:
    """Whether one is in the other."""
    return f"{folder}/".startswith(f"{other}/") or f"{other}/".startswith(f"{folder}/")


def _changed(branch: Branch, entries: Mapping[str, TreeEntry], changes: Mapping[str, str | None]) -> str:
    """The hash of a tree in which each path has another content; None: it is gone."""
    kept = dict(entries)
    inside: dict[str, dict[str, str | None]] = {}
    for path, content in changes.items():
        name, _, rest = path.partition("/")
        if rest:
            inside.setdefault(name, {})[rest] = content
        elif content is None:
            kept.pop(name, None)
        else:
            kept[name] = replace(kept[name], hash=content)
    for name, below in inside.items():
        if name in kept:
            kept[name] = objects.folder(_changed(branch, branch.entries(kept[name].hash), below))
    return branch.make_tree(kept)


def pinned(text: str, draft: Draft) -> str:
    """An overlay's kustomization with the app's pins and those of the copies that it lists.

    Beside them it has what keeps Argo CD from pruning what holds data.
    """
    for name, _ in fields.get(text, "images[*].name", where=draft.where):
        if name in draft.copies and not draft.copies[name].digest:
            raise no_copy(str(draft.copies[name]), draft.environment)
    request = draft.request
    text = overlay.pinned(text, request.config, draft.environment, request.images, draft.where)
    return kept(text, draft.where)
