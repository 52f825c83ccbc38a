"""Images in a kustomization: its `images:` entries (https://kubectl.docs.kubernetes.io/references/kustomize/).

With both newTag and digest, kustomize writes ``name:tag@digest``.
"""

from collections.abc import Iterator

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images.mentions import Mention, items
from aks_flow.manifests.yaml_edit.edits import Edit
from aks_flow.manifests.yaml_edit.keys import add, remove
from aks_flow.manifests.yaml_edit.nodes import Mapping, Scalar, YamlNode
from aks_flow.manifests.yaml_edit.scalars import replace
from aks_flow.manifests.yaml_edit.source import YamlSource

KINDS = ("Kustomization", "Component")
KEYS = {"name", "newName", "newTag", "tagSuffix", "digest"}


def is_kustomization(root: YamlNode) -> bool:
    """`kind` may be left out of a kustomization: then the keys of its `images:` tell."""
    if not isinstance(root, Mapping):
        return False
    if root.get("kind") is not None:
        return root.text("kind") in KINDS
    entries = [entry.resolved for entry in items(root.get("images"))]
    return bool(entries) and all(
        isinstance(entry, Mapping) and KEYS.issuperset(entry.named) for entry in entries
    )


def entries(root: Mapping) -> Iterator["ImageEntry"]:
    for item in items(root.get("images")):
        if isinstance(item.resolved, Mapping) and item.resolved.text("name"):
            yield ImageEntry(item)


class ImageEntry(Mention):
    """One entry, known by the `name` that the manifests use."""

    unique = True

    def __init__(self, node: YamlNode):
        self.mapping = entry = node.resolved
        tag, digest = entry.text("newTag"), entry.text("digest")
        name = entry.text("newName") or entry.text("name")
        super().__init__(node, name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else ""))

    def names(self) -> set[str]:
        return {self.mapping.text("name")}

    def edits(self, source: YamlSource, image: ImageRef) -> list[Edit]:
        """Missing keys are added behind the key before them; a tag or digest no longer true is removed."""
        entry, edits, last = self.mapping, [], "name"
        renamed = image.name != entry.text("name") or entry.get("newName") is not None
        values = {"newName": image.name if renamed else "", "newTag": image.tag, "digest": image.digest}
        for key, value in values.items():
            node = entry.get(key)
            if node is not None and value:
                edits += replace(source, node, value, key)
            elif value:
                edits.append(add(source, entry, last, key, value, _quotes(entry)))
            elif entry.text(key):
                edits.append(remove(source, entry, key))
            last = key if node is not None else last
        return edits


def _quotes(entry: Mapping) -> str:
    """The quotes that all values of the entry share; "" if they do not."""
    styles = {value.style for _, value in entry.pairs if isinstance(value, Scalar)}
    return styles.pop() if len(styles) == 1 else ""
