"""Edits of one value: replace a scalar, add a key to a mapping, take one out."""

import re

from scripts.manifests.edits import Edit, scalar_shape
from scripts.manifests.nodes import Alias, Mapping, Node, Scalar
from scripts.manifests.plain import may_stand_plain, quote
from scripts.manifests.source import Source

Value = str | int | bool | None

_REST_OF_LINE = re.compile(r"[^\r\n]*")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")


def replace(source: Source, node: Node, value: Value, what: str) -> list[Edit]:
    """The edit that gives `node` the value, or none if it has it. A string stays a string for every reader.

    what: the thing looked for, for errors. EditError if the node is not a scalar that can be edited alone.
    """
    scalar = _editable(source, node, what)
    if isinstance(value, str):
        if scalar.value == value and scalar.is_text:
            return []
        return [_written(source, scalar, _styled(scalar, value), value)]
    word = _word(value)
    if scalar.value == word and not scalar.style:
        return []
    return [_written(source, scalar, word, word)]


def _word(value: int | bool | None) -> str:
    return "null" if value is None else str(value).lower()


def _styled(scalar: Scalar, value: str) -> str:
    style = scalar.style or _style_around(scalar)
    return write(value, style, in_flow=scalar.in_flow)


def write(value: str, style: str, *, in_flow: bool) -> str:
    """`value` as a scalar in `style` (``"``, ``'`` or "" for plain) if that can hold it, else quoted."""
    if not style and may_stand_plain(value, in_flow=in_flow):
        return value
    return quote(value, style)


def _style_around(scalar: Scalar) -> str:
    """Double quotes inside JSON: there a plain string, legal in YAML, would no longer be JSON."""
    keys = (node.key for node in (scalar, *scalar.holders()) if node.key is not None)
    key = next(keys, None)
    return '"' if scalar.in_flow and isinstance(key, Scalar) and key.style == '"' else ""


def _written(source: Source, scalar: Scalar, text: str, value: str) -> Edit:
    start, end = scalar.start, scalar.end
    if scalar.is_empty:
        start, text = _left_out(source, scalar, text)
        end = start
    return Edit(start, end, text, scalar.index, 1, [scalar_shape(value, quoted=text.lstrip()[0] in "\"'")])


def _left_out(source: Source, scalar: Scalar, text: str) -> tuple[int, str]:
    """Where the value of `key:` or `-` goes, and the value with the space that it needs there."""
    before = scalar.key.end if scalar.key else scalar.start - 1
    indicator = re.compile(r"\s*:" if scalar.key else "-").match(source.body, before)
    if not indicator:
        raise source.refuse("no value stands here, and no `:` or `-` to write one behind", scalar.line)
    place = indicator.end()
    if source.body[place : place + 1] == " " and source.body[place + 1 : place + 2] != "#":
        return place + 1, text
    return place, f" {text}"


def _editable(source: Source, node: Node, what: str) -> Scalar:
    """The node, if changing it changes nothing else."""
    reason = _obstacle(source, node)
    if reason:
        raise source.refuse(f"`{what}` {reason}", node.line, "Edit this place by hand, or name another path.")
    return node


def _obstacle(source: Source, node: Node) -> str:
    if isinstance(node, Alias):
        return f"is the alias *{node.anchor} of line {node.target.line}"
    if not isinstance(node, Scalar):
        return f"is a {type(node).__name__.lower()}, not a single value"
    if node.anchor:
        return f"carries the anchor &{node.anchor}"
    if node.event.tag:
        return f"carries the tag {source.body[node.start : node.end].split()[0]}"
    if node.style in ("|", ">"):
        return f"is a block of text (`{node.style}`)"
    shared = _shared_holder(source, node)
    return f"is part of &{shared}, which an alias repeats elsewhere" if shared else ""


def _shared_holder(source: Source, node: Node) -> str | None:
    holders = list(node.holders())
    anchors = [holder.anchor for holder in holders if holder.anchor]
    if not anchors:
        return None
    document = next(document for document in source.documents if document.root is holders[-1])
    return next((anchor for anchor in anchors if anchor in document.aliased), None)


def add(source: Source, mapping: Mapping, after: str, key: str, value: str, style: str) -> Edit:
    """The edit that gives a mapping a further key, behind its key `after` and indented as that."""
    name, neighbour = next((name, node) for name, node in mapping.pairs if name.resolved.value == after)
    if not isinstance(neighbour, Scalar) or neighbour.style in ("|", ">"):
        raise source.refuse(f"no room for `{key}` behind `{after}`", neighbour.line, "Add it by hand.")
    in_flow = mapping.event.flow_style or mapping.in_flow
    text = write(value, style, in_flow=in_flow)
    shape = [
        scalar_shape(key, quoted=in_flow and bool(name.style)),
        scalar_shape(value, quoted=text[0] in "\"'"),
    ]
    if in_flow:
        shown = quote(key, name.style) if name.style else key
        return Edit(neighbour.end, neighbour.end, f", {shown}: {text}", neighbour.index + 1, 0, shape)
    place = _REST_OF_LINE.match(source.body, neighbour.end).end()
    line = f"{_line_break(source.body)}{' ' * name.column}{key}: {text}"
    return Edit(place, place, line, neighbour.index + 1, 0, shape)


def _line_break(body: str) -> str:
    match = _LINE_BREAK.search(body)
    return match[0] if match else "\n"


def remove(source: Source, mapping: Mapping, key: str) -> Edit:
    """The edit that takes a scalar key out of a mapping: with its line, or from between its commas."""
    place = next(place for place, (name, _) in enumerate(mapping.pairs) if name.resolved.value == key)
    name, node = mapping.pairs[place]
    scalar = _editable(source, node, key)
    if mapping.event.flow_style and place:
        return Edit(mapping.pairs[place - 1][1].end, scalar.end, "", name.index, 2, [])
    start = max(source.body.rfind("\n", 0, name.start), source.body.rfind("\r", 0, name.start))
    if mapping.event.flow_style or start < 0 or source.body[start : name.start].strip():
        raise source.refuse(
            f"`{key}` has to go and does not stand on a line of its own", name.line, "Remove it by hand."
        )
    if source.body[start - 1 : start + 1] == "\r\n":
        start -= 1
    end = _REST_OF_LINE.match(source.body, scalar.end).end()
    return Edit(start, end, "", name.index, 2, [])
