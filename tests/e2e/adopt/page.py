"""The page "Your own app": its commands in order, and which of them lead to a delivery by both paths."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.markdown import rows

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "your-own-app.md"
README = ROOT / "README.md"
# The sections whose first block of commands is on the way from a clone to a delivery by push and by pull.
FIRST_WAY = ("Adopt it", "Deliver by push", "Deliver by pull")
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Line:
    """A command as it is typed. exit: the code that the page says it ends with."""

    text: str
    exit: int = 0


def sections() -> dict[str, list[list[Line]]]:
    """The blocks of commands of each section that has some, by its heading."""
    parts = re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)[1:]
    blocks = {part.partition("\n")[0]: _BLOCK.findall(part) for part in parts}
    return {title: [_lines(block) for block in found] for title, found in blocks.items() if found}


def first_way() -> list[Line]:
    every = sections()
    return [line for title in FIRST_WAY for line in every[title][0]]


def stated() -> tuple[int, float, float]:
    """(commands, seconds, the limit of these) of the README's figure."""
    [(_, seen, limit)] = [row for row in rows(README.read_text(), "| figure |") if PAGE.name in row[0]]
    commands, seconds = seen.removesuffix(" s").split(" / ")
    return int(commands), float(seconds), float(limit.partition(" / ")[2])


def _lines(block: str) -> list[Line]:
    return [_line(text) for text in block.splitlines() if text.strip()]


def _line(text: str) -> Line:
    """The comment behind a command may say how it ends."""
    command, _, comment = text.partition("  #")
    ending = re.search(r"exit code (\d+)", comment)
    return Line(command.strip(), int(ending[1]) if ending else 0)
