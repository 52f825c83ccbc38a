"""Edits of one value."""

import re
from dataclasses import dataclass

from aks_flow.manifests.yaml_edit.edits import Edit, scalar_shape
from aks_flow.manifests.yaml_edit.nodes import Alias, Scalar, YamlNode
from aks_flow.manifests.yaml_edit.plain import may_stand_plain, quote
from aks_flow.manifests.yaml_edit.source import YamlSource


@dataclass(frozen=True, slots=True)
class PlainWord:
    """A word that is to stand as it is, without quotes: a reader may take it for more than text."""

    word: str


Value = str | int | bool | PlainWord | None


def replace(source: YamlSource, node: YamlNode, value: Value, what: str) -> list[Edit]:
    """The edit that gives `node` the value, or none if it has it. A string stays a string for every reader.

    what: the thing looked for, for errors. EditError if the node is not a scalar that can be edited alone.
    """
    scalar = editable(source, node, what)
    if isinstance(value, str):
        if scalar.value == value and scalar.is_text:
            return []
        return [_written(source, scalar, _styled(source, scalar, value), value)]
    word = _word(value)
    if scalar.value == word and not scalar.style:
        return []
    return [_written(source, scalar, word, word)]


def _word(value: int | bool | PlainWord | None) -> str:
    if isinstance(value, PlainWord):
        return value.word
    return "null" if value is None else str(value).lower()


def _styled(source: YamlSource, scalar: Scalar, value: str) -> str:
    style = scalar.style or _style_around(source, scalar)
    return write(value, style, in_flow=source.in_flow(scalar))


def write(value: str, style: str, *, in_flow: bool) -> str:
    """`value` as a scalar in `style` (``"``, ``'`` or "" for plain) if that can hold it, else quoted."""
    if not style and may_stand_plain(value, in_flow=in_flow):
        return value
    return quote(value, style)


def _style_around(source: YamlSource, scalar: Scalar) -> str:
    """Double quotes inside JSON: there a plain string, legal in YAML, would no longer be JSON."""
    keys = (node.key for node in (scalar, *source.holders(scalar)) if node.key is not None)
    key = next(keys, None)
    is_quoted = source.in_flow(scalar) and isinstance(key, Scalar) and key.style == '"'
    return '"' if source.is_json or is_quoted else ""


def _written(source: YamlSource, scalar: Scalar, text: str, value: str) -> Edit:
    start, end = scalar.start, scalar.end
    if scalar.is_empty:
        start, text = _left_out(source, scalar, text)
        end = start
    return Edit(start, end, text, scalar.index, 1, [scalar_shape(value, quoted=text.lstrip()[0] in "\"'")])


def _left_out(source: YamlSource, scalar: Scalar, text: str) -> tuple[int, str]:
    """Where the value of `key:` or `-` goes, and the value with the space that it needs there."""
    before = scalar.key.end if scalar.key else scalar.start - 1
    indicator = re.compile(r"\s*:" if scalar.key else "-").match(source.body, before)
    if not indicator:
        what = "no value stands here, and no `:` or `-` to write one behind"
        raise source.refuse(what, scalar.line, "Write the value by hand.")
    place = indicator.end()
    if source.body[place : place + 1] == " " and source.body[place + 1 : place + 2] != "#":
        return place + 1, text
    return place, f" {text}"


def editable(source: YamlSource, node: YamlNode, what: str) -> Scalar:
    """The node, if changing it changes nothing else."""
    reason = _obstacle(source, node)
    if reason:
        raise source.refuse(f"`{what}` {reason}", node.line, "Edit this place by hand, or name another path.")
    return node


def _obstacle(source: YamlSource, node: YamlNode) -> str:
    if isinstance(node, Alias):
        return f"is the alias *{node.anchor}, whose anchor is on line {node.target.line}"
    if not isinstance(node, Scalar):
        return f"is a {type(node).__name__.lower()}, not a single value"
    if node.anchor:
        return f"carries the anchor &{node.anchor}"
    if node.event.tag:
        return f"carries the tag {source.body[node.start : node.end].split()[0]}"
    if node.style in ("|", ">"):
        return f"is a block of text (`{node.style}`)"
    shared = shared_part(source, node)
    return f"is {shared}" if shared else ""


def shared_part(source: YamlSource, node: YamlNode) -> str:
    """Whose part the node is, in words, if a collection around it stands elsewhere too; else ""."""
    aliased = source.document_of(node).aliased
    holder = next((holder for holder in source.holders(node) if holder.anchor in aliased), None)
    return (
        f"part of &{holder.anchor} on line {holder.line}, which an alias repeats elsewhere" if holder else ""
    )
