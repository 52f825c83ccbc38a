"""Images in Kubernetes objects: containers of every kind, at any depth (CronJob, List, custom resources)."""

from collections.abc import Iterator

from aks_flow.manifests.images.mentions import ImageField, field, items
from aks_flow.manifests.yaml_edit.nodes import Mapping, YamlNode
from aks_flow.manifests.yaml_edit.source import YamlDocument

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


def is_object(root: YamlNode) -> bool:
    return isinstance(root, Mapping) and root.text("apiVersion") != "" and root.text("kind") != ""


def fields(document: YamlDocument) -> Iterator[ImageField]:
    for mapping in document.mappings:
        for containers in (mapping.get(key) for key in CONTAINERS):
            for container in items(containers):
                if isinstance(container, Mapping):
                    yield from field(container)
