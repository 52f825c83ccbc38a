"""Edits of a mapping: one key more, one key less."""

import re

from aks_flow.manifests.yaml_edit.edits import Edit, scalar_shape
from aks_flow.manifests.yaml_edit.nodes import Mapping, Scalar, YamlNode, key_of
from aks_flow.manifests.yaml_edit.plain import quote
from aks_flow.manifests.yaml_edit.scalars import editable, shared_part, write
from aks_flow.manifests.yaml_edit.source import YamlSource

_REST_OF_LINE = re.compile(r"[^\r\n]*")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")


def add(source: YamlSource, mapping: Mapping, after: str, key: str, value: str, style: str) -> Edit:
    """The edit that gives a mapping a further key, behind its key `after` and indented as that."""
    name, neighbour = _own(source, mapping, after)
    if reason := _no_room(source, neighbour):
        raise source.refuse(
            f"`{key}` cannot follow `{after}`, which {reason}", neighbour.line, "Add it by hand."
        )
    in_flow = mapping.event.flow_style or source.in_flow(mapping)
    text = write(value, '"' if source.is_json else style, in_flow=in_flow)
    shape = [
        scalar_shape(key, quoted=in_flow and bool(name.style)),
        scalar_shape(value, quoted=text[0] in "\"'"),
    ]
    if in_flow:
        shown = quote(key, name.style) if name.style else key
        return Edit(neighbour.end, neighbour.end, f", {shown}: {text}", neighbour.index + 1, 0, shape)
    place = _REST_OF_LINE.match(source.body, neighbour.end).end()
    line = f"{_line_break(source.body, place)}{' ' * name.column}{key}: {text}"
    return Edit(place, place, line, neighbour.index + 1, 0, shape)


def _line_break(body: str, place: int) -> str:
    """The one at `place`; at the end of the text, the one that the text uses."""
    match = _LINE_BREAK.match(body, place) or _LINE_BREAK.search(body)
    return match[0] if match else "\n"


def _own(source: YamlSource, mapping: Mapping, key: str) -> tuple[YamlNode, YamlNode]:
    """The key and its value; EditError if ``<<`` brings them in."""
    pair = next(((name, node) for name, node in mapping.pairs if key_of(name) == key), None)
    if pair is None:
        node = mapping.get(key)
        what = f"`{key}` comes through `<<`, from line {node.line}"
        raise source.refuse(what, mapping.line, "Write it out here, or edit it there by hand.")
    return pair


def _no_room(source: YamlSource, neighbour: YamlNode) -> str:
    if not isinstance(neighbour, Scalar) or neighbour.style in ("|", ">"):
        return "is not a value on one line"
    shared = shared_part(source, neighbour)
    return f"is {shared}" if shared else ""


def remove(source: YamlSource, mapping: Mapping, key: str) -> Edit:
    """The edit that takes a scalar key out of a mapping: with its line, or from between its commas."""
    name, node = _own(source, mapping, key)
    place = mapping.pairs.index((name, node))
    scalar = editable(source, node, key)
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
