r"""The language of paths: where in a file a value is.

It takes the forms that yq and kubectl's JSONPath have in common:

    spec.replicas                                   keys, a leading dot allowed
    spec.template.spec.containers[name=web].image   the list items whose `name` is `web`
    items[0].spec                                   a list item by its place, from 0
    spec.template.spec.containers[*].image          every list item, or every value of a mapping
    metadata.annotations["a.b/c"]                   a key that holds more than letters, digits and - _ / $

A file of several documents is searched whole. Before a colon stands which document is meant:

    kind=Deployment,name=api:spec.replicas          `name` and `namespace` are those of the metadata
    1:spec.replicas                                 by its place, from 0

Terms are joined by commas and must all hold. Their left side is itself a dotted path
(`metadata.labels.app=api`), their right side may be quoted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aks_flow.manifests.yaml_edit.errors import EditError
from aks_flow.manifests.yaml_edit.steps import KEY, Every, Index, Key, Step, Where

_QUOTED = r""""(?:[^"\\]|\\.)*"|'[^']*'"""
_TERM = rf"{KEY}(?:\.{KEY})*=(?:{_QUOTED}|[^,\]\"':]+)"
_TERMS = rf"{_TERM}(?:,{_TERM})*"
_DOCUMENT = re.compile(rf"(?:(?P<index>\d+)|(?P<terms>{_TERMS})):")
_STEP = re.compile(
    rf"\.?(?:(?P<key>{KEY})|(?P<quoted>{_QUOTED}))"
    rf"|\[(?:(?P<index>\d+)|(?P<every>\*)|(?P<name>{_QUOTED})|(?P<terms>{_TERMS}))\]"
)
_SHORT = {"name": "metadata.name", "namespace": "metadata.namespace"}


@dataclass(frozen=True, slots=True)
class Path:
    """`document`: an Index or a Where over the file's documents; None for all of them."""

    document: Index | Where | None
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        steps = (
            f".{step}" if isinstance(step, Key) and str(step)[0] != "[" else str(step) for step in self.steps
        )
        return self._prefix() + "".join(steps).removeprefix(".")

    def _prefix(self) -> str:
        if isinstance(self.document, Where):
            short = {long: short for short, long in _SHORT.items()}
            terms = tuple((short.get(path, path), value) for path, value in self.document.terms)
            return f"{Where(terms).written()}:"
        return "" if self.document is None else f"{self.document.place}:"


def parse_path(text: str) -> Path:
    """EditError if `text` is not a path."""
    document, rest = None, text
    if match := _DOCUMENT.match(text):
        document = Where(_document_terms(match["terms"])) if match["terms"] else Index(int(match["index"]))
        rest = text[match.end() :]
    steps = tuple(_steps(rest, text))
    if not steps:
        raise _not_a_path(text, len(text))
    return Path(document, steps)


def _steps(rest: str, text: str) -> Iterator[Step]:
    done = 0
    while done < len(rest):
        match = _STEP.match(rest, done)
        if not match or (done and match["key"] and rest[done] != "."):
            raise _not_a_path(text, len(text) - len(rest) + done)
        yield _step(match)
        done = match.end()


def _step(match: re.Match) -> Step:
    if match["every"]:
        return Every()
    if match["index"]:
        return Index(int(match["index"]))
    if match["terms"]:
        return Where(_terms(match["terms"]))
    return Key(match["key"] or _unquoted(match["quoted"] or match["name"]))


def _terms(text: str) -> tuple[tuple[str, str], ...]:
    sides = (term.split("=", 1) for term in re.findall(_TERM, text))
    return tuple((path, _unquoted(value)) for path, value in sides)


def _document_terms(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((_SHORT.get(path, path), value) for path, value in _terms(text))


def _unquoted(text: str) -> str:
    if text[0] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text[1:-1] if text[0] == "'" else text


def _not_a_path(text: str, place: int) -> EditError:
    step = 'Write it like spec.containers[name=web].image or metadata.annotations["a.b/c"].'
    if ":" in text:
        step = (
            'Quote a key or a value that holds a colon, data["a:b"] or [image="api:1"], and in a shell the '
            "whole path; a colon without quotes ends what says which document is meant."
        )
    return EditError(f"`{text}` is not a path, from its character {place + 1} on", next_step=step)
