"""What GitHub Actions shows of a run: a summary in Markdown, and findings beside their lines.

Outside of a workflow every function here does nothing. Formats:
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

import os
import secrets
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from aks_flow.report import foreign


def line(text: str) -> None:
    """A paragraph of the summary: the text as it stands, no Markdown."""
    _append(foreign.in_markdown(text))


def block(text: str, language: str = "") -> None:
    """Text as it stands, in a monospaced font; an empty text leaves nothing."""
    if text.strip():
        _append(foreign.fenced(foreign.shown(text.rstrip()), language))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table under its title."""
    lines = [columns, ["---"] * len(columns), *rows]
    grid = "\n".join(f"| {' | '.join(foreign.in_markdown(str(cell)) for cell in row)} |" for row in lines)
    _append(f"**{foreign.in_markdown(title)}**\n\n{grid}")


def error(text: str, file: str = "", row: int = 0) -> None:
    """An annotation; with a file and a line GitHub shows it there in the pull request."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return
    place = f" file={_property(file)},line={row}" if file else ""
    sys.stderr.write(f"::error{place}::{_message(foreign.shown(text))}\n")
    sys.stderr.flush()


def output(name: str, value: str) -> None:
    """A step's output, for later steps and jobs (`steps.ID.outputs.NAME`); one line."""
    if file := os.environ.get("GITHUB_OUTPUT"):
        with Path(file).open("a") as outputs:
            outputs.write(f"{name}={foreign.in_one_line(value)}\n")


def file_output(name: str, file: str, text: str) -> None:
    """A file for later steps of the job; its path is the step's output."""
    if (folder := os.environ.get("RUNNER_TEMP")) and os.environ.get("GITHUB_OUTPUT"):
        path = Path(folder) / file
        path.write_text(text)
        output(name, str(path))


def variable(name: str, value: str) -> None:
    """An environment variable of the steps after this one, for as long as the job lasts."""
    if file := os.environ.get("GITHUB_ENV"):
        end = f"end-{secrets.token_hex(8)}"  # no value can guess it, and go on as a variable of its own
        with Path(file).open("a") as variables:
            variables.write(f"{name}<<{end}\n{value}\n{end}\n")


def _append(markdown: str) -> None:
    """One write, so that the tasks of several steps never mix."""
    if file := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(file).open("a") as summary:
            summary.write(f"{markdown}\n\n")


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
