"""Any single value, by its path."""

import re

from aks_flow.manifests.yaml_edit.edits import apply
from aks_flow.manifests.yaml_edit.find import find
from aks_flow.manifests.yaml_edit.nodes import Scalar, YamlNode
from aks_flow.manifests.yaml_edit.scalars import Value, replace
from aks_flow.manifests.yaml_edit.source import YamlSource, read

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")


def set_scalar(text: str, path: str, value: Value, *, where: str) -> str:
    """The text with the one scalar at `path` set to `value`; every other byte stays.

    path: see `aks_flow.manifests.yaml_edit.paths`. A value left out (``key:``) is filled in.
    value: a string stays a string for every reader (`1.10` is written `"1.10"`); an integer, a boolean or
    None is written plain. The quotes that stand there stay if they can hold the value.
    where: the file's name, for errors.
    EditError: not YAML, no match, several, an alias, an anchor, a tag, a block of text, a collection.
    """
    source = read(text, where)
    return apply(source, replace(source, _the_one(source, path), value, path))


def set_word(text: str, path: str, word: str, *, where: str) -> str:
    """As `set_scalar`, for a word that a person typed: `5` and `true` keep the type that stands there."""
    source = read(text, where)
    node = _the_one(source, path)
    return apply(source, replace(source, node, _typed(word, node), path))


def get(text: str, path: str, *, where: str = "") -> list[tuple[str, int]]:
    """(value, line) of each scalar at `path`, aliases followed. The value is text: `1.10` stays `1.10`.

    EditError: not YAML, no match, a collection.
    """
    source = read(text, where)
    return [_value(source, node, path) for node in find(source, path, through_aliases=True)]


def _the_one(source: YamlSource, path: str) -> YamlNode:
    nodes = find(source, path, through_aliases=False)
    if len(nodes) > 1:
        lines = ", ".join(str(node.line) for node in nodes)
        raise source.refuse(
            f"`{path}` matches {len(nodes)} values, on lines {lines}", nodes[0].line, "Name one of them."
        )
    return nodes[0]


def _typed(word: str, node: YamlNode) -> Value:
    old = node.value if isinstance(node, Scalar) and not node.style else ""
    if _INTEGER.fullmatch(old) and _INTEGER.fullmatch(word):
        return int(word)
    booleans = {"true": True, "false": False}
    return booleans[word] if old in booleans and word in booleans else word


def _value(source: YamlSource, node: YamlNode, path: str) -> tuple[str, int]:
    target = node.resolved
    if not isinstance(target, Scalar):
        kind = type(target).__name__.lower()
        raise source.refuse(f"`{path}` is a {kind}, not a single value", node.line, "Name a value in it.")
    return target.value, node.line
