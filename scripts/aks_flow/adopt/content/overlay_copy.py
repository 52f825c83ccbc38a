"""An environment's overlay as another's: all its files, in a folder that may lie at another depth."""

import posixpath
from collections.abc import Iterator
from pathlib import PurePosixPath

from aks_flow.adopt.survey.tree import WorkTree, is_within, parent
from aks_flow.core import yaml_text
from aks_flow.manifests.layout import KUSTOMIZATIONS
from aks_flow.manifests.yaml_edit.fields import set_scalar

_FOLDERS = ("resources", "bases", "components")  # of which kustomize takes what lies elsewhere


def copied(tree: WorkTree, overlay: str, other: str) -> dict[str, str]:
    """The texts of an overlay's files by their paths in another folder, from which all it has is found."""
    own = _files(tree, overlay, other)
    return {
        posixpath.join(other, posixpath.relpath(path, overlay)): _text(tree, path, own, overlay, other)
        for path in own
    }


def _files(tree: WorkTree, overlay: str, other: str) -> list[str]:
    """All of them; of an overlay that has the other one in it the kustomization alone."""
    files = tree.below(overlay)
    return [path for path in files if parent(path) == overlay] if is_within(other, overlay) else files


def _text(tree: WorkTree, path: str, own: list[str], overlay: str, other: str) -> str:
    text, place = tree.text(path), parent(path)
    if PurePosixPath(path).name not in KUSTOMIZATIONS:
        return text
    new = posixpath.join(other, posixpath.relpath(place, overlay))
    for key, target in _elsewhere(tree, text, place, own):
        text = set_scalar(text, key, posixpath.relpath(target, new), where=path)
    return text


def _elsewhere(tree: WorkTree, text: str, place: str, own: list[str]) -> Iterator[tuple[str, str]]:
    """(where it stands, its path) of what a kustomization has of the repository and is not copied."""
    data = yaml_text.load(text, place)
    for key in _FOLDERS:
        for number, entry in enumerate(data.get(key) or ()):
            target = posixpath.normpath(posixpath.join(place, str(entry)))
            if tree.below(target) and not any(is_within(path, target) for path in own):
                yield f"{key}[{number}]", target
