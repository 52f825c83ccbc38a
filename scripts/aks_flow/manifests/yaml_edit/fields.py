"""Any single value, by its path."""

from aks_flow.manifests.yaml_edit.edits import apply
from aks_flow.manifests.yaml_edit.find import find
from aks_flow.manifests.yaml_edit.nodes import Scalar, YamlNode, text_of
from aks_flow.manifests.yaml_edit.scalars import Value, replace
from aks_flow.manifests.yaml_edit.source import YamlSource, read


def set_scalar(text: str, path: str, value: Value, *, where: str) -> str:
    """The text with the one scalar at `path` set to `value`; every other byte stays.

    path: see `aks_flow.manifests.yaml_edit.paths`. A value left out (``key:``) is filled in.
    value: a string stays a string for every reader (`1.10` is written `"1.10"`); an integer, a boolean or
    None is written plain. The quotes that stand there stay if they can hold the value.
    where: the file's name, for errors.
    EditError: not YAML, no match, several, an alias, an anchor, a tag, a block of text, a collection.
    """
    source = read(text, where)
    return apply(source, replace(source, the_one(source, path), value, path))


def get(text: str, path: str, *, where: str = "") -> list[tuple[str, int]]:
    """(value, line) of each scalar at `path`, aliases and merges followed. The value is text: `1.10` stays.

    EditError: not YAML, no match (null is no value), a collection.
    """
    source = read(text, where)
    nodes = find(source, path, through_aliases=True)
    values = [(_value(source, node, path), node.line) for node in nodes]
    present = [(value, line) for value, line in values if value is not None]
    if not present:
        raise source.refuse(
            f"nothing is at `{path}`: null is no value", nodes[0].line, "Set it, or correct the path."
        )
    return present


def the_one(source: YamlSource, path: str) -> YamlNode:
    nodes = find(source, path, through_aliases=False)
    if len(nodes) > 1:
        lines = ", ".join(str(node.line) for node in nodes)
        raise source.refuse(
            f"`{path}` matches {len(nodes)} values, on lines {lines}", nodes[0].line, "Name one of them."
        )
    return nodes[0]


def _value(source: YamlSource, node: YamlNode, path: str) -> str | None:
    target = node.resolved
    if not isinstance(target, Scalar):
        kind = type(target).__name__.lower()
        raise source.refuse(f"`{path}` is a {kind}, not a single value", node.line, "Name a value in it.")
    return text_of(target)
