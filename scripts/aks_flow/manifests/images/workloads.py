"""Images in Kubernetes objects: containers of every kind, at any depth (CronJob, List, custom resources)."""

from collections.abc import Iterator

from aks_flow.manifests.images.mentions import Field, field, items
from aks_flow.manifests.yaml_edit.nodes import Mapping, Node
from aks_flow.manifests.yaml_edit.source import Document

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


def is_object(root: Node) -> bool:
    return isinstance(root, Mapping) and root.text("apiVersion") != "" and root.text("kind") != ""


def fields(document: Document) -> Iterator[Field]:
    for mapping in document.mappings:
        for containers in (mapping.get(key) for key in CONTAINERS):
            for container in items(containers):
                if isinstance(container, Mapping):
                    yield from field(container)
