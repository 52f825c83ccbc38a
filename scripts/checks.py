"""The project's own checks: style and import directions."""

from pathlib import Path

from scripts import report
from scripts.command import command
from scripts.errors import AksFlowError
from scripts.passed import open_passed
from scripts.runner import Local


def lint(root: Path) -> None:
    """ruff, its formatter, and the import contracts of pyproject.toml."""
    passed = open_passed(Local(), root)
    if passed.held("lint", passed.entries):
        return report.say("lint: unchanged, it passed with this tree")
    show(root, "ruff", "check", ".")
    show(root, "ruff", "format", "--check", ".")
    show(root, "lint-imports")
    return passed.note("lint", passed.entries)


def show(root: Path, *words: object) -> None:
    """Run a program with its output shown as it comes; AksFlowError on a non-zero exit code."""
    asked = command(*words, cwd=root)
    code = Local().attach(asked)
    if code:
        raise AksFlowError(f"`{asked}` ended with exit code {code}", next_step="Its output above says why.")
