"""Release notes from conventional commits (https://www.conventionalcommits.org/en/v1.0.0/), as Markdown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SUBJECT = re.compile(r"(?P<type>[A-Za-z]+)(?:\((?P<scope>[^()]+)\))?(?P<mark>!)?: +(?P<text>\S.*)")
_FOOTER = re.compile(r"^BREAKING[ -]CHANGE: +(?P<text>\S.*(?:\n\S.*)*)", re.MULTILINE)
_HEADINGS = {"feat": "Features", "fix": "Fixes", "perf": "Performance", "revert": "Reverted"}
BREAKING, OTHER = "Breaking changes", "Other changes"


@dataclass(frozen=True)
class Change:
    """One commit: the heading it belongs under, its scope and what it breaks ("" for none), and its text."""

    commit: str
    heading: str
    scope: str
    text: str
    breaks: str = ""


def parse(log: str) -> list[Change]:
    """`tools.branching.log`'s answer -> changes, newest first."""
    commits = (entry.split("\0", 1) for entry in log.split("\0\0") if entry.strip("\0\n"))
    return [change(commit.strip(), message) for commit, message in commits]


def change(commit: str, message: str) -> Change:
    """A commit that does not follow the convention belongs under "Other changes", whole subject."""
    subject, _, body = message.strip().partition("\n")
    match, footer = _SUBJECT.fullmatch(subject), _FOOTER.search(body)
    said = " ".join(footer["text"].split()) if footer else ""
    if not match:
        return Change(commit, OTHER, "", subject, said)
    breaks = said or (match["text"] if match["mark"] else "")
    return Change(
        commit, _HEADINGS.get(match["type"].lower(), OTHER), match["scope"] or "", match["text"], breaks
    )


def markdown(title: str, changes: Iterable[Change]) -> str:
    """One section a heading, in this order: what breaks, what is new, what is mended, the rest."""
    changes = list(changes)
    sections = {BREAKING: [_line(one.commit, one.scope, one.breaks) for one in changes if one.breaks]}
    for heading in (*_HEADINGS.values(), OTHER):
        sections[heading] = [
            _line(one.commit, one.scope, one.text) for one in changes if one.heading == heading
        ]
    parts = [f"### {heading}\n\n" + "\n".join(lines) for heading, lines in sections.items() if lines]
    return "\n\n".join([f"## {title}", *(parts or ["Nothing has changed."])])


def _line(commit: str, scope: str, text: str) -> str:
    return f"- {f'**{scope}**: ' if scope else ''}{text} ({commit[:7]})"
