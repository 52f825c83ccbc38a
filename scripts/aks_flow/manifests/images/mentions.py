"""What the places that mention an image have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property

from aks_flow.core.image_ref import ImageRef, parsed
from aks_flow.manifests.yaml_edit.edits import Edit
from aks_flow.manifests.yaml_edit.nodes import Sequence, YamlNode, text_of
from aks_flow.manifests.yaml_edit.scalars import replace
from aks_flow.manifests.yaml_edit.source import YamlSource

_TEMPLATES = ("{{", "${", "$(", "<")


class Mention(ABC):
    """A place in a manifest that says which image to run.

    node: the place. written: the reference as it stands there. nodes: the scalars that it is made of.
    """

    unique = False  # whether a second mention under the same name is a mistake

    def __init__(self, node: YamlNode, written: str, nodes: Iterable[YamlNode]):
        self.node, self.written, self.nodes = node, written, list(nodes)

    @property
    def line(self) -> int:
        return (self.node.key or self.node).line

    @cached_property
    def image(self) -> ImageRef | None:
        """None if what is written there is not a reference."""
        return parsed(self.written)

    @property
    def is_template(self) -> bool:
        """Whether another program fills it in before a reader sees it."""
        return any(mark in self.written for mark in _TEMPLATES)

    def names(self) -> set[str]:
        """What this mention can be called: `registry/repository` and `repository`."""
        return {self.image.name, self.image.repository} if self.image else set()

    @abstractmethod
    def edits(self, source: YamlSource, image: ImageRef) -> list[Edit]:
        """The edits after which it mentions exactly `image`."""


class ImageField(Mention):
    """A whole reference in one scalar: ``image: localhost:5000/api:1.2``.

    certain: whether nothing but an image may stand there.
    """

    def __init__(self, node: YamlNode, certain: bool = True):
        super().__init__(node, text_of(node) or "", [node])
        self.certain = certain

    def edits(self, source: YamlSource, image: ImageRef) -> list[Edit]:
        return replace(source, self.node, str(image), "image")


def items(node: YamlNode | None) -> list[YamlNode]:
    """The items of a list, an alias to one followed."""
    target = node.resolved if node else None
    return target.items if isinstance(target, Sequence) else []


def in_one_line(text: str) -> str:
    return " ".join(text.split()) or repr(text)
