"""Texts that look like an image and stand where none is understood: said aloud, never passed over."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aks_flow.core.image_ref import parsed
from aks_flow.manifests.images.mentions import Mention
from aks_flow.manifests.images.parts import normal
from aks_flow.manifests.yaml_edit.nodes import Mapping, Scalar, Sequence, YamlNode, key_of
from aks_flow.manifests.yaml_edit.source import YamlDocument
from aks_flow.manifests.yaml_edit.spelling import ScalarKind, spelling

# A reference with a registry, and with a tag or a digest, that is no part of an address.
_REFERENCE = re.compile(
    r"(?<![\w./@:-])(?:localhost(?::[0-9]+)?|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::[0-9]+)?|[A-Za-z0-9-]+:[0-9]+)"
    r"/[a-z0-9][a-z0-9._/-]*(?::\w[\w.-]*(?:@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})"
)
_LINE = re.compile(
    r"^[ \t-]*[\"']?\w*[iI]mage(?:Name|_name)?[\"']?:[ \t]+[\"']?(?P<image>[^\s\"'{}]+)", re.MULTILINE
)
_KEYS = re.compile(r".*image(?:s|name|repository|repo|tag|digest)?")
_UNDER_IMAGE = ("tag", "digest", "version")


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A text, its place, and its line."""

    node: YamlNode
    line: int
    written: str


def lookalikes(document: YamlDocument, mentions: Iterable[Mention]) -> Iterator[Lookalike]:
    """Those that none of the mentions is made of."""
    known = {id(node.resolved) for mention in mentions for node in mention.nodes}
    for node, keys in _scalars(document.root):
        if id(node) not in known:
            yield from _of(node, keys)


def _scalars(root: YamlNode) -> Iterator[tuple[Scalar, tuple[str, ...]]]:
    """Every scalar that is a value, with the two keys above it, the nearer one last; no status."""
    waiting: list[tuple[YamlNode, tuple[str, ...]]] = [(root, ("", ""))]
    while waiting:
        node, keys = waiting.pop()
        if isinstance(node, Scalar):
            yield node, keys
        elif isinstance(node, Sequence):
            waiting += [(item, keys) for item in node.items]
        elif isinstance(node, Mapping):
            waiting += [(value, _keys(node, key, keys[-1])) for key, value in _pairs(node)]


def _pairs(mapping: Mapping) -> list[tuple[str, YamlNode]]:
    pairs = [(key_of(key) or "", value) for key, value in mapping.pairs]
    return [(key, value) for key, value in pairs if key != "status"]


def _keys(mapping: Mapping, key: str, above: str) -> tuple[str, str]:
    """Of a value: those above it, or what ``{name: image.tag, value: …}`` calls it."""
    called = mapping.text("name") if key == "value" else ""
    first, _, last = called.rpartition(".")
    if called and not first and "image" in normal(last) and _is_pinned(mapping.text(key)):
        return "", "image"  # a variable: RELATED_IMAGE_FRONT
    return (first, last) if called else (above, key)


def _is_pinned(text: str) -> bool:
    image = parsed(text)
    return bool(image and (image.tag or image.digest))


def _of(node: Scalar, keys: tuple[str, ...]) -> Iterator[Lookalike]:
    if node.style in ("|", ">"):
        yield from _in_block(node)
    elif _is_named_so(keys) and _may_be_an_image(node):
        yield Lookalike(node, node.line, node.value)
    else:
        yield from (Lookalike(node, node.line, match[0]) for match in _REFERENCE.finditer(node.value))


def _is_named_so(keys: tuple[str, ...]) -> bool:
    above, key = (normal(name) for name in keys)
    is_image = bool(_KEYS.fullmatch(key))
    return is_image or (above.endswith("image") and key in _UNDER_IMAGE) or above == "images"


def _may_be_an_image(node: Scalar) -> bool:
    """Whether it is a text of one word, or a number as a tag may be."""
    is_switch = not node.style and spelling(node.value).kind in (ScalarKind.BOOLEAN, ScalarKind.NULL)
    return node.value.strip() != "" and not is_switch and not re.search(r"\s", node.value)


def _in_block(node: Scalar) -> Iterator[Lookalike]:
    """In a text of several lines, which may be a manifest itself."""
    matches = [(match.start("image"), match["image"]) for match in _LINE.finditer(node.value)]
    matches = [(place, text) for place, text in matches if parsed(text)]
    taken = {place for place, _ in matches}
    matches += [
        (match.start(), match[0]) for match in _REFERENCE.finditer(node.value) if match.start() not in taken
    ]
    for place, text in sorted(matches):
        yield Lookalike(node, node.line + 1 + node.value.count("\n", 0, place), text)
