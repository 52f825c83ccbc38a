"""Splices, and the proof that they did what they were to do and nothing else."""

from dataclasses import dataclass
from typing import TypeVar

from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from aks_flow.manifests.yaml_edit.errors import EditError
from aks_flow.manifests.yaml_edit.source import YamlSource, is_json, parse

Whole = TypeVar("Whole", str, list)
Shape = list[tuple]


@dataclass(frozen=True, slots=True)
class Edit:
    """One splice, said twice: what happens to the text, and what is to happen to what a parser reads.

    start, end, text: the characters [start, end) of the body become `text`.
    index, width, shape: the events [index, index + width) become `shape` (see `shape_of`).
    """

    start: int
    end: int
    text: str
    index: int
    width: int
    shape: Shape


def apply(source: YamlSource, edits: list[Edit]) -> str:
    """The edited text, parsed again: EditError unless exactly the wanted events differ."""
    if not edits:
        return source.bom + source.body
    body = _spliced(source.body, [(edit.start, edit.end, edit.text) for edit in edits])
    expected = _spliced(
        shape_of(source.events), [(edit.index, edit.index + edit.width, edit.shape) for edit in edits]
    )
    line = source.body.count("\n", 0, edits[0].start) + 1
    if _shape_of_text(body, source.where) != expected:
        raise source.refuse(
            "the edit would change more than the value asked for", line, "Edit this place by hand."
        )
    if source.is_json and not is_json(body):
        what = f"`{edits[0].text}` is no JSON, and the file is"
        raise source.refuse(what, line, "Write the value as JSON has it.")
    return source.bom + body


def _spliced(whole: Whole, changes: list[tuple[int, int, Whole]]) -> Whole:
    result, done = whole[:0], 0
    for start, end, new in sorted(changes, key=lambda change: change[0]):
        result = result + whole[done:start] + new
        done = end
    return result + whole[done:]


def _shape_of_text(body: str, where: str) -> Shape | None:
    try:
        return shape_of(parse(body, where))
    except EditError:
        return None


def shape_of(events: list[Event]) -> Shape:
    """What a reader can tell of each event: everything but place and kind of quotes."""
    return [_SIGNATURES.get(type(event), _bare)(event) for event in events]


def scalar_shape(value: str, *, quoted: bool) -> tuple:
    return (value, quoted, None, None)


def _scalar(event: ScalarEvent) -> tuple:
    return (event.value, bool(event.style), event.anchor, event.tag)


def _collection(event: CollectionStartEvent) -> tuple:
    return (type(event), event.flow_style, event.anchor, event.tag)


def _alias(event: AliasEvent) -> tuple:
    return (type(event), event.anchor)


def _document(event: DocumentStartEvent) -> tuple:
    return (type(event), event.explicit, event.version, event.tags)


def _bare(event: Event) -> tuple:
    return (type(event),)


_SIGNATURES = {
    ScalarEvent: _scalar,
    MappingStartEvent: _collection,
    SequenceStartEvent: _collection,
    AliasEvent: _alias,
    DocumentStartEvent: _document,
}
