"""Every image that a manifest mentions, and what looks like one, in rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images import places
from aks_flow.manifests.images.lookalikes import lookalikes
from aks_flow.manifests.images.mentions import ImageField, Mention, in_one_line
from aks_flow.manifests.yaml_edit.find import path_to
from aks_flow.manifests.yaml_edit.source import YamlDocument, YamlSource, read


class Standing(StrEnum):
    """What is known of a text that stands where an image is mentioned, or looks like one."""

    UNDERSTOOD = "understood"
    UNKNOWN = "looks like an image and is not understood"
    WRONG = "is not an image reference"


@dataclass(frozen=True, slots=True)
class Listing:
    """A mention, or what looks like one. image: None unless it is understood."""

    line: int
    path: str
    written: str
    image: ImageRef | None
    standing: Standing


def images(text: str, *, where: str = "") -> list[Listing]:
    """Every mention in the order of the text. EditError: not YAML."""
    source = read(text, where)
    rows = [row for document in source.documents for row in _rows(source, document)]
    return [row for _, row in sorted(rows, key=lambda row: (row[0], row[1].line))]


def _rows(source: YamlSource, document: YamlDocument) -> Iterator[tuple[int, Listing]]:
    """Each with the index of its place."""
    mentions = list(places.mentions(document))
    for mention in mentions:
        node, standing = mention.node, _standing(mention)
        image = mention.image if standing is Standing.UNDERSTOOD else None
        yield (
            node.index,
            Listing(mention.line, path_to(source, node), in_one_line(mention.written), image, standing),
        )
    for other in lookalikes(document, mentions):
        path = path_to(source, other.node)
        yield other.node.index, Listing(other.line, path, other.written, None, Standing.UNKNOWN)


def _standing(mention: Mention) -> Standing:
    if mention.image:
        return Standing.UNDERSTOOD
    is_certain = not isinstance(mention, ImageField) or mention.certain
    return Standing.WRONG if is_certain and not mention.is_template else Standing.UNKNOWN
