"""What is written into a repository, and how each file stands to what is there."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class FileState(StrEnum):
    """MISSING is written. LINES: some lines are, behind those that are there. DIFFERS stays as it is."""

    MISSING = "new"
    LINES = "lines"
    SAME = "unchanged"
    DIFFERS = "differs"


@dataclass(frozen=True)
class PlannedFile:
    """A file of a project.

    path: in the repository. content: what it is to hold. before: what it holds, None if it is not there.
    runs: whether it is a program. lines: whether content is before with lines behind it. ours: whether an
    upgrade brings it to the version that is installed.
    """

    path: str
    content: bytes
    before: bytes | None = None
    runs: bool = False
    lines: bool = False
    ours: bool = False

    @property
    def state(self) -> FileState:
        if self.before is None:
            return FileState.MISSING
        if self.content in (self.before, self.before.replace(b"\r\n", b"\n")):  # a checkout may end lines so
            return FileState.SAME
        return FileState.LINES if self.lines else FileState.DIFFERS

    @property
    def diff(self) -> str:
        """What it has now and what it is to have, as `diff -u` shows it; "" if it is the same.

        Of what is no text, as a wheel, how long it is.
        """
        if b"\0" in self.content:
            return f"{len(self.before or b'')} bytes become {len(self.content)}"
        texts = [(data or b"").decode(errors="replace").splitlines() for data in (self.before, self.content)]
        return "\n".join(difflib.unified_diff(*texts, f"a/{self.path}", f"b/{self.path}", lineterm=""))


def planned(root: Path, path: str, text: str | bytes, **rest: bool) -> PlannedFile:
    """The file as it is to be, beside what is there now."""
    content = text.encode() if isinstance(text, str) else text
    file = root / path
    return PlannedFile(path, content, file.read_bytes() if file.is_file() else None, **rest)


def with_lines(root: Path, path: str, lines: Iterable[str]) -> PlannedFile:
    """A file with lines added behind those that it has, in its own way to end a line."""
    file = root / path
    before = file.read_bytes() if file.is_file() else None
    text = (before or b"").decode(errors="surrogateescape")
    end = "\r\n" if "\r\n" in text else "\n"
    present = {line.strip() for line in text.splitlines()}
    missing = [line for line in lines if line not in present]
    gap = end if missing and text and not text.endswith("\n") else ""
    added = "".join(f"{line}{end}" for line in missing)
    content = f"{text}{gap}{added}".encode(errors="surrogateescape")
    return PlannedFile(path, content, before, lines=True)
