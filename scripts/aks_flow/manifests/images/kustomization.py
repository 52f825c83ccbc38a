"""Images in a kustomization: its `images:` entries (https://kubectl.docs.kubernetes.io/references/kustomize/).

With both newTag and digest, kustomize writes ``name:tag@digest``.
"""

from collections.abc import Iterator

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images.mentions import Mention, items
from aks_flow.manifests.yaml_edit.edits import Edit
from aks_flow.manifests.yaml_edit.keys import add, remove
from aks_flow.manifests.yaml_edit.nodes import MERGE, Mapping, Scalar, YamlNode, key_of, text_of
from aks_flow.manifests.yaml_edit.scalars import replace
from aks_flow.manifests.yaml_edit.source import YamlSource

GROUP = "kustomize.config.k8s.io"
KINDS = ("Kustomization", "Component")
KEYS = {"name", "newName", "newTag", "tagSuffix", "digest"}


def is_kustomization(root: YamlNode) -> bool:
    """`kind` may be left out of a kustomization: then the keys of its `images:` tell. Flux's is another."""
    if not isinstance(root, Mapping):
        return False
    if root.get("kind") is not None:
        group = root.text("apiVersion").partition("/")[0]
        return root.text("kind") in KINDS and group in ("", GROUP)
    return _are_entries([entry.resolved for entry in items(root.get("images"))])


def _are_entries(entries: list[YamlNode]) -> bool:
    return bool(entries) and all(
        isinstance(entry, Mapping) and KEYS.issuperset({*entry.named} - {MERGE}) for entry in entries
    )


def entries(root: Mapping) -> Iterator["ImageEntry"]:
    for item in items(root.get("images")):
        if isinstance(item.resolved, Mapping) and item.resolved.text("name"):
            yield ImageEntry(item)


def entries_of_others(mapping: Mapping) -> Iterator[Mention]:
    """The same in other objects: in Flux's Kustomization, and in Argo CD's ``kustomize: {images: […]}``."""
    images = items(mapping.get("images"))
    if _are_entries([item.resolved for item in images]):
        yield from entries(mapping)
    elif key_of(mapping.key) == "kustomize":
        yield from (Override(item) for item in images if text_of(item))


class ImageEntry(Mention):
    """One entry, known by the `name` that the manifests use."""

    unique = True

    def __init__(self, node: YamlNode):
        self.mapping = entry = node.resolved
        tag, digest = entry.text("newTag"), entry.text("digest")
        name = entry.text("newName") or entry.text("name")
        written = name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
        super().__init__(node, written, entry.values())

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


class Override(Mention):
    """``name=image``, or an image by whose name alone the manifests call it."""

    unique = True

    def __init__(self, node: YamlNode):
        self.name, _, image = (text_of(node) or "").rpartition("=")
        super().__init__(node, image, [node])

    def names(self) -> set[str]:
        return {self.name} if self.name else super().names()

    def edits(self, source: YamlSource, image: ImageRef) -> list[Edit]:
        renames = self.image is not None and self.image.name != image.name
        name = self.name or (self.image.name if renames else "")
        return replace(source, self.node, f"{name}={image}" if name else str(image), "images")


def _quotes(entry: Mapping) -> str:
    """The quotes that all values of the entry share; "" if they do not."""
    styles = {value.style for _, value in entry.pairs if isinstance(value, Scalar)}
    return styles.pop() if len(styles) == 1 else ""
