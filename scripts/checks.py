"""The project's own checks: tests, style, import directions."""

import shlex
import sys
from pathlib import Path

from scripts.command import command
from scripts.errors import AksFlowError
from scripts.runner import Local


def test(root: Path, only: str, arguments: str) -> None:
    """pytest over tests/ (or tests/`only`), its output shown as it comes."""
    folder = root / "tests" / only
    if not folder.is_dir():
        raise AksFlowError(f"there are no tests named {only!r}", next_step="Use --only unit or --only e2e.")
    _show(root, sys.executable, "-m", "pytest", folder, *shlex.split(arguments))


def lint(root: Path) -> None:
    """ruff, its formatter, and the import contracts of pyproject.toml."""
    _show(root, "ruff", "check", ".")
    _show(root, "ruff", "format", "--check", ".")
    _show(root, "lint-imports")


def _show(root: Path, *words: object) -> None:
    asked = command(*words, cwd=root)
    code = Local().attach(asked)
    if code:
        raise AksFlowError(f"`{asked}` ended with exit code {code}", next_step="Its output above says why.")
