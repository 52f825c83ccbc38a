"""The commands with which the README begins."""

from pathlib import Path

README = Path(__file__).parents[3] / "README.md"


def commands() -> list[str]:
    """The lines of the first indented block, their comments taken off."""
    lines = README.read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("    "))
    block = []
    for line in lines[start:]:
        if not line.startswith("    "):
            return block
        block.append(line.partition("#")[0].strip())
    return block
