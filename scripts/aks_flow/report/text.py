"""What a person reads, line by line: answers on standard output, notes on standard error."""

import sys

from aks_flow.report import foreign, job_summary


def say(text: str) -> None:
    """One line on standard output."""
    sys.stdout.write(foreign.shown(text) + "\n")
    sys.stdout.flush()


def heading(title: str) -> None:
    """A line that begins a part of a longer run."""
    say(f"\n{title}")


def note(text: str) -> None:
    """One line about what is going on, kept apart from the answer."""
    sys.stderr.write(foreign.shown(text) + "\n")
    sys.stderr.flush()


def diff(text: str) -> None:
    """What two states differ in; nothing if they do not."""
    if text:
        job_summary.block(text, "diff")
        say(text.rstrip())


def finding(text: str, file: str, line: int) -> None:
    """A fault of a file, on standard output and beside its line."""
    say(text)
    job_summary.error(text, file, line)
