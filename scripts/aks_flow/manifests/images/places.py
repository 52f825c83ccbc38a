"""The places in a document that mention an image: in Kubernetes objects, kustomizations and Helm values."""

from collections.abc import Iterator

from aks_flow.manifests.images import kustomization, parts
from aks_flow.manifests.images.mentions import ImageField, Mention, items
from aks_flow.manifests.yaml_edit.nodes import Mapping, YamlNode, key_of, text_of
from aks_flow.manifests.yaml_edit.source import YamlDocument

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")  # of a Pod
_CONTAINERS = (*CONTAINERS, "steps", "sidecars")  # and of Tekton and Argo Workflows
_DATA = ("data", "stringData", "binaryData")


def mentions(document: YamlDocument) -> Iterator[Mention]:
    """Every place once, in no order."""
    known: set[int] = set()
    for mention in _all(document):
        if id(mention.node) not in known:
            known.add(id(mention.node))
            yield mention


def _all(document: YamlDocument) -> Iterator[Mention]:
    root = document.root
    is_kustomization, is_values = kustomization.is_kustomization(root), not is_object(root)
    if is_kustomization:
        yield from kustomization.entries(root)
    yield from of_containers(document)
    apart = _apart(document, root.get("images") if is_kustomization else None)
    for mapping in document.mappings:
        if not any(first <= mapping.index <= last for first, last in apart):
            yield from parts.mentions(mapping, certain=is_values)
            yield from kustomization.entries_of_others(mapping) if not is_kustomization else ()


def is_object(root: YamlNode) -> bool:
    return isinstance(root, Mapping) and root.text("apiVersion") != "" and root.text("kind") != ""


def of_containers(document: YamlDocument) -> Iterator[ImageField]:
    """What the containers of a Kubernetes object run, at any depth."""
    if not is_object(document.root):
        return
    for mapping in document.mappings:
        for container in (item.resolved for key in _CONTAINERS for item in items(mapping.get(key))):
            if isinstance(container, Mapping) and text_of(container.get("image")):
                yield ImageField(container.get("image"))


def _apart(document: YamlDocument, images: YamlNode | None) -> list[tuple[int, int]]:
    """The first and the last index of what names no image to run: metadata, a ConfigMap's data, a status."""
    nodes = [images] if images else []
    for mapping in document.mappings:
        if is_object(mapping):
            keys = ("status", *_DATA) if mapping.text("kind") in ("ConfigMap", "Secret") else ("status",)
            nodes += [mapping.named[key] for key in keys if key in mapping.named]
        if key_of(mapping.key) == "metadata" and is_object(document.root):
            nodes.append(mapping)
    return [(node.index, _last(node)) for node in nodes]


def _last(node: YamlNode) -> int:
    while children := node.children():
        node = children[-1]
    return node.index
