"""The change of the app that a scenario commits: one line of a file, as `rehearsal.change` says."""

import re
from datetime import datetime
from pathlib import Path

from aks_flow.core.config import Config
from aks_flow.core.config.rehearsal import PLACE, RehearsedChange
from aks_flow.core.errors import AksFlowError

OWN_FILE = "rehearsed.txt"  # for a project that names no file of its own


def fresh_text() -> str:
    """What a change is to say."""
    return f"rehearsed at {datetime.now():%H:%M:%S}"


def write(config: Config, repo: Path, text: str) -> Path:
    """Put the text into the file of the clone that is to change; its path.

    AksFlowError if the file is not there, or if not exactly one of its lines fits.
    """
    change = config.rehearsal.change
    if not change.file:
        file = repo / config.app.built_images[config.app.own_image].context / OWN_FILE
        file.write_text(f"{text}\n")
        return file
    file = repo / change.file
    file.write_bytes(with_text(_read(file, change), change, text).encode())
    return file


def _read(file: Path, change: RehearsedChange) -> str:
    try:
        return file.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        step = "Name a text file that is committed."
        what = f"there is no text to change in {change.file}"
        raise AksFlowError(what, where="rehearsal.change.file", next_step=step) from error


def with_text(content: str, change: RehearsedChange, text: str) -> str:
    """The content with the text in the one line that reads as ``change.line``; all else stays."""
    lines, pattern = content.splitlines(keepends=True), _pattern(change)
    fits = {at: parts for at, line in enumerate(lines) if (parts := pattern.fullmatch(line))}
    if len(fits) != 1:
        what = f"{len(fits) or 'no'} lines of {change.file} read as {change.line!r}"
        step = "Correct it: exactly one line is to change."
        raise AksFlowError(what, where="rehearsal.change.line", next_step=step)
    for at, parts in fits.items():
        lines[at] = f"{parts[1]}{text}{parts[2]}"
    return "".join(lines)


def _pattern(change: RehearsedChange) -> re.Pattern:
    """The whole line, with what stands before the text and behind it: indentation and line end too.

    Where the line is nothing but the text, an empty one is another line.
    """
    before, after = (re.escape(part) for part in change.line.strip().split(PLACE))
    text = ".*?" if before or after else r"\S.*?"
    return re.compile(rf"(\s*{before}){text}({after}\s*)")
