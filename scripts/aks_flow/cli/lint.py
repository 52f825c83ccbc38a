"""What the task `lint` does: the project's own checks of style and import directions."""

from pathlib import Path

from aks_flow import report
from aks_flow.cli.check_cache import open_cache
from aks_flow.cli.context import TaskContext
from aks_flow.core.command import command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local

PROGRAMS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("lint-imports",))


def lint_task(task: TaskContext) -> None:
    """ruff, its formatter, and the import contracts of pyproject.toml."""
    root = task.root
    cache = open_cache(Local(), root)
    if cache.has_passed("lint", cache.all_but()):
        return report.say("lint: unchanged, it passed with this tree")
    for words in PROGRAMS:
        if task.dry:
            report.note(f"would run: {command(*words)}")
        else:
            show(root, *words, PYTHONPATH=str(root / "scripts"))
    return None if task.dry else cache.remember("lint", cache.all_but())


def show(root: Path, *words: object, **variables: str) -> None:
    """Run a program with its output shown as it comes; AksFlowError on a non-zero exit code."""
    checker = command(*words, cwd=root, env=variables)
    code = Local().attach(checker)
    if code:
        raise AksFlowError(f"`{checker}` ended with exit code {code}", next_step="Its output above says why.")
