"""Makes docs/rehearse.svg from a real run: ./inv rehearse 2>&1 | .venv/bin/python scripts/dev/picture.py"""

import io
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

TARGET = Path(__file__).parents[2] / "docs/rehearse.svg"
WIDTH = 116


def picture(text: str) -> str:
    """What a run printed, as an SVG of a terminal."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    for line in ["$ ./inv rehearse", *text.splitlines()]:
        shown = Text(line)
        shown.highlight_regex(r"^(ok|\$)", "bold green")
        shown.highlight_regex(r"\b0 failed", "bold green")
        shown.highlight_regex(r"^(The stand-ins|Push: .*|Pull: .*)$", "bold")
        shown.highlight_regex(r"^(what runs where|seconds after the commit)", "italic")
        console.print(shown, no_wrap=True, crop=True)
    return console.export_svg(title="aks-flow")


if __name__ == "__main__":
    TARGET.write_text(picture(sys.stdin.read()))
