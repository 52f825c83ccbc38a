"""The project's own checks: style and import directions."""

from pathlib import Path

from aks_flow.cli.check_cache import open_passed
from aks_flow.core.command import command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.report import report


def lint(root: Path) -> None:
    """ruff, its formatter, and the import contracts of pyproject.toml."""
    passed = open_passed(Local(), root)
    if passed.held("lint", passed.entries):
        return report.say("lint: unchanged, it passed with this tree")
    show(root, "ruff", "check", ".")
    show(root, "ruff", "format", "--check", ".")
    show(root, "lint-imports", PYTHONPATH=str(root / "scripts"))
    return passed.note("lint", passed.entries)


def show(root: Path, *words: object, **variables: str) -> None:
    """Run a program with its output shown as it comes; AksFlowError on a non-zero exit code."""
    asked = command(*words, cwd=root, env=variables)
    code = Local().attach(asked)
    if code:
        raise AksFlowError(f"`{asked}` ended with exit code {code}", next_step="Its output above says why.")
