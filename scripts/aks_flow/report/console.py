"""Tables: on a terminal as wide as it is, elsewhere without colour; in a job summary too."""

import os
import sys
from typing import TYPE_CHECKING

from aks_flow.report import foreign, job_summary

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 120  # columns where there is no terminal to ask


def table(title: str, columns: list[str], rows: list[list[object]]) -> None:
    """Show a table on standard output, and in the job summary if there is one."""
    from rich.table import Table
    from rich.text import Text

    job_summary.table(title, columns, rows)
    grid = Table(title=Text(foreign.shown(title)), title_justify="left", header_style="bold")
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(foreign.shown(str(cell)), overflow="fold") for cell in row))
    console().print(grid)


def console() -> "Console":
    """rich's, imported late: it costs more than most tasks take."""
    from rich.console import Console

    width = None if is_watched() else WIDTH
    return Console(highlight=False, soft_wrap=True, width=width, **style())


def style() -> dict[str, None]:
    """How text is styled: as the terminal can, or not at all (https://no-color.org), not even bold."""
    return {"color_system": None} if os.environ.get("NO_COLOR") else {}


def is_watched() -> bool:
    """A person looks on. A workflow's log is read later, even where its runner lends a terminal (act)."""
    return sys.stdout.isatty() and not os.environ.get("CI")
