"""What the places that mention an image have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property

from aks_flow.core.image_ref import ImageError, ImageRef
from aks_flow.manifests.yaml_edit.edits import Edit
from aks_flow.manifests.yaml_edit.nodes import Mapping, Sequence, YamlNode, text_of
from aks_flow.manifests.yaml_edit.scalars import replace
from aks_flow.manifests.yaml_edit.source import YamlSource


class Mention(ABC):
    """A place in a manifest that says which image to run. `written`: the reference as it stands there."""

    unique = False  # whether a second mention under the same name is a mistake

    def __init__(self, node: YamlNode, written: str):
        self.node, self.written = node, written

    @property
    def line(self) -> int:
        return (self.node.key or self.node).line

    @cached_property
    def image(self) -> ImageRef | None:
        """None if what is written there is not a reference."""
        try:
            return ImageRef.parse(self.written)
        except ImageError:
            return None

    def names(self) -> set[str]:
        """What this mention can be called: `registry/repository` and `repository`."""
        return {self.image.name, self.image.repository} if self.image else set()

    @abstractmethod
    def edits(self, source: YamlSource, image: ImageRef) -> list[Edit]:
        """The edits after which it mentions exactly `image`."""


class ImageField(Mention):
    """A whole reference in one scalar: ``image: localhost:5000/front:1.2``."""

    def edits(self, source: YamlSource, image: ImageRef) -> list[Edit]:
        return replace(source, self.node, str(image), "image")


def items(node: YamlNode | None) -> list[YamlNode]:
    return node.items if isinstance(node, Sequence) else []


def merged(mapping: Mapping, key: str) -> YamlNode | None:
    """The value of a key: the mapping's own, or the one that ``<<`` brings in."""
    own = mapping.get(key)
    if own is not None:
        return own
    merges = mapping.get("<<")
    sources = [source.resolved for source in (items(merges) or [merges]) if source is not None]
    values = (source.get(key) for source in sources if isinstance(source, Mapping))
    return next((value for value in values if value is not None), None)


def field(mapping: Mapping) -> Iterator[ImageField]:
    """The `image` of a container, if it has one."""
    node = merged(mapping, "image")
    if node is not None and text_of(node):
        yield ImageField(node, text_of(node))
