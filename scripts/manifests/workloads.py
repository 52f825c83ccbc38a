"""Images in Kubernetes objects: containers of every kind, at any depth (CronJob, List, custom resources)."""

from collections.abc import Iterator

from scripts.manifests.mentions import Field, field, items
from scripts.manifests.nodes import Mapping, Node
from scripts.manifests.source import Document

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


def is_object(root: Node) -> bool:
    return isinstance(root, Mapping) and root.text("apiVersion") != "" and root.text("kind") != ""


def fields(document: Document) -> Iterator[Field]:
    for mapping in document.mappings:
        for containers in (mapping.get(key) for key in CONTAINERS):
            for container in items(containers):
                if isinstance(container, Mapping):
                    yield from field(container)
