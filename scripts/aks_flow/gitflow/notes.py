"""Release notes from conventional commits (https://www.conventionalcommits.org/en/v1.0.0/), as Markdown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SUBJECT = re.compile(r"(?P<type>[A-Za-z]+)(?:\((?P<scope>[^()]+)\))?(?P<mark>!)?: +(?P<text>\S.*)")
_FOOTER = re.compile(r"^BREAKING[ -]CHANGE: +(?P<text>\S.*(?:\n\S.*)*)", re.MULTILINE)
_HEADINGS = {"feat": "Features", "fix": "Fixes", "perf": "Performance", "revert": "Reverted"}
# The other types that the convention names. What else stands before a colon ("API: more memory") says
# what the commit is about, and stays.
_UNSAID = ("build", "chore", "ci", "docs", "refactor", "style", "test")
BREAKING, OTHER = "Breaking changes", "Other changes"


@dataclass(frozen=True)
class ReleaseNote:
    """One commit: the heading it belongs under, its scope and what it breaks ("" for none), and its text."""

    commit: str
    heading: str
    scope: str
    text: str
    breaks: str = ""


def parse(log: str) -> list[ReleaseNote]:
    """What `log.messages` prints -> a note for each commit, newest first."""
    commits = (entry.split("\0", 1) for entry in log.split("\0\0") if entry.strip("\0\n"))
    return [release_note(commit.strip(), message) for commit, message in commits]


def release_note(commit: str, message: str) -> ReleaseNote:
    """A commit that does not follow the convention belongs under "Other changes", whole subject."""
    subject, _, body = message.strip().partition("\n")
    match, footer = _SUBJECT.fullmatch(subject), _FOOTER.search(body)
    broken = " ".join(footer["text"].split()) if footer else ""
    if not match:
        return ReleaseNote(commit, OTHER, "", subject, broken)
    kind = match["type"].lower()
    is_known = kind in _HEADINGS or kind in _UNSAID
    scope, text = (match["scope"] or "", match["text"]) if is_known else ("", subject)
    breaks = broken or (text if match["mark"] else "")
    return ReleaseNote(commit, _HEADINGS.get(kind, OTHER), scope, text, breaks)


def markdown(title: str, notes: Iterable[ReleaseNote]) -> str:
    """One section a heading, in this order: what breaks, features, fixes, the rest."""
    notes = list(notes)
    sections = {BREAKING: [_line(note, note.breaks) for note in notes if note.breaks]}
    for heading in (*_HEADINGS.values(), OTHER):
        sections[heading] = [_line(note, note.text) for note in notes if note.heading == heading]
    parts = [f"### {heading}\n\n" + "\n".join(lines) for heading, lines in sections.items() if lines]
    return "\n\n".join([f"## {title}", *(parts or ["Nothing has changed."])])


def _line(note: ReleaseNote, text: str) -> str:
    return f"- {f'**{note.scope}**: ' if note.scope else ''}{text} ({note.commit[:7]})"
