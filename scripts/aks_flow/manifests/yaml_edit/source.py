"""YAML text, parsed once: its events, and the tree of nodes over them.

Marks count code points, in both of PyYAML's parsers; only a byte order mark counts in one and not in the
other, so it is taken off first.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.events import DocumentEndEvent, Event

from aks_flow.manifests.yaml_edit.errors import EditError, at, not_yaml
from aks_flow.manifests.yaml_edit.nodes import Mapping, Sequence, YamlNode
from aks_flow.manifests.yaml_edit.tree import Builder

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One document.

    index: its place in the file, from 0.
    mappings: all of them, in the order of the text.
    aliased: the anchors that an alias refers to.
    """

    index: int
    root: YamlNode
    mappings: list[Mapping]
    aliased: frozenset[str]


@dataclass(frozen=True, slots=True)
class YamlSource:
    """A text and its tree. `body` is the text without its byte order mark; all marks count in `body`.

    where: the file's name, for errors. is_json: whether the body is JSON too.
    """

    bom: str
    body: str
    where: str
    is_json: bool
    events: list[Event]
    documents: list[YamlDocument]

    def document_of(self, node: YamlNode) -> YamlDocument:
        return next(document for document in reversed(self.documents) if document.root.index <= node.index)

    def holders(self, node: YamlNode) -> list[Mapping | Sequence]:
        """The collections around a node, innermost first. Nodes do not know them: rings are slow to free."""
        holders, holder = [], self.document_of(node).root
        while holder is not node:
            holders.insert(0, holder)
            holder = next(child for child in reversed(holder.children()) if child.index <= node.index)
        return holders

    def in_flow(self, node: YamlNode) -> bool:
        return any(holder.event.flow_style for holder in self.holders(node))

    def refuse(self, what: str, line: int, next_step: str) -> EditError:
        return EditError(what, where=at(self.where, line), next_step=next_step)


def read(text: str, where: str) -> YamlSource:
    """EditError if `text` is not YAML, repeats a key of a mapping, or nests too deep."""
    body = text.removeprefix(BOM)
    events = parse(body, where)
    bom, documents = text[: len(text) - len(body)], list(_documents(events, where))
    return YamlSource(bom, body, where, is_json(body), events, documents)


def is_json(body: str) -> bool:
    """Whether a YAML text is an object or a list in JSON."""
    if body.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse_constant(name: str) -> None:
    """NaN and Infinity are Python's own."""
    raise ValueError(name)


def parse(body: str, where: str) -> list[Event]:
    """The parser's events; EditError with line and column if `body` is not YAML."""
    try:
        return list(yaml.parse(body, Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise not_yaml(error.problem or error.context, where, mark.line + 1, mark.column + 1) from error
    except yaml.reader.ReaderError as error:
        before = body[: body.find(chr(error.character))]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise not_yaml(f"character #x{error.character:04x} is not allowed", where, line, column) from error


def _documents(events: list[Event], where: str) -> Iterator[YamlDocument]:
    builder, count = Builder(where), 0
    for index, event in enumerate(events):
        builder.take(event, index)
        if type(event) is DocumentEndEvent:
            yield YamlDocument(count, builder.root, builder.mappings, frozenset(builder.aliased))
            builder, count = Builder(where), count + 1
