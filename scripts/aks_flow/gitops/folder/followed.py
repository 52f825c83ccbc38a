"""The part of a repository that an overlay leads to, where the manifests' folder is the repository itself.

kustomize takes files from below a kustomization's own folder alone, and of other folders only kustomizations:
https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

import posixpath
from collections.abc import Collection, Iterator

from aks_flow.core import yaml_text
from aks_flow.gitops.branch.branch import Branch
from aks_flow.manifests.layout import KUSTOMIZATIONS
from aks_flow.tools.git import objects
from aks_flow.tools.git.objects import TreeEntry

_FOLDERS = ("resources", "bases", "components", "generators", "transformers", "validators")


def folders(branch: Branch, commit: str, place: str, text: str) -> set[str]:
    """The overlay's folder and those of all kustomizations that it has. text: of its own, as it will be."""
    found, left = {place}, list(_named(place, text))
    while left:
        folder = left.pop()
        own = [f"{commit}:{posixpath.join(folder, name)}" for name in KUSTOMIZATIONS]
        content = next(filter(None, branch.contents(own)), None)
        if folder not in found and content is not None:
            found.add(folder)
            left += _named(folder, content.decode(errors="surrogateescape"))
    return found


def _named(folder: str, text: str) -> Iterator[str]:
    """What may be other folders: of the fields that name some. What is no kustomization names none."""
    data = yaml_text.load(text, folder)
    given = [data.get(field) for field in _FOLDERS] if isinstance(data, dict) else []
    for entry in (entry for entries in given if isinstance(entries, list) for entry in entries):
        path = posixpath.normpath(posixpath.join(folder, str(entry)))
        if "\n" not in path and not path.startswith(".."):  # a transformer may stand there itself
            yield path


def entries_of(branch: Branch, tree: str, wanted: Collection[str]) -> dict[str, TreeEntry]:
    """A tree's entries with the wanted folders alone; "" or "." is all of it."""
    entries = branch.entries(tree)
    if {"", "."} & set(wanted):
        return entries
    kept = {}
    for name, entry in entries.items():
        inside = {rest for first, _, rest in (folder.partition("/") for folder in wanted) if first == name}
        if inside:
            kept[name] = objects.folder(branch.make_tree(entries_of(branch, entry.hash, inside)))
    return kept
