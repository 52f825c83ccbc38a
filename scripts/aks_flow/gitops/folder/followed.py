"""The part of a repository that an overlay leads to, where the manifests' folder is the repository itself."""

import posixpath
from collections.abc import Collection

from aks_flow.core import yaml_text
from aks_flow.gitops.branch.branch import Branch
from aks_flow.manifests.layout import KUSTOMIZATIONS, named
from aks_flow.tools.git import objects
from aks_flow.tools.git.objects import TreeEntry


def folders(branch: Branch, commit: str, place: str, text: str) -> set[str]:
    """The overlay's folder and those of all kustomizations that it has. text: of its own, as it will be."""
    found, left = {place}, list(named(yaml_text.load(text, place), place))
    while left:
        folder = left.pop()
        own = [f"{commit}:{posixpath.join(folder, name)}" for name in KUSTOMIZATIONS]
        content = next(filter(None, branch.contents(own)), None)
        if folder not in found and content is not None:
            found.add(folder)
            data = yaml_text.load(content.decode(errors="surrogateescape"), folder)
            left += named(data, folder)
    return found


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
