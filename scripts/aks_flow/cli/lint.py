"""What the task `lint` does: the commands that the project names for it."""

from pathlib import Path

from aks_flow import report
from aks_flow.cli.check_cache import open_cache
from aks_flow.cli.context import TaskContext
from aks_flow.core import project
from aks_flow.core.command import command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local


def lint_task(task: TaskContext) -> None:
    """Every command that invoke.yaml names; AksFlowError for the first that fails, or if there is none."""
    config = task.config()
    if not config.lint:
        step = f"Name the project's own commands in {project.FILE}, as in `lint: [ruff check .]`."
        raise AksFlowError("`lint` names no command", where=project.FILE, next_step=step)
    cache = open_cache(Local(), config.root)
    name = f"lint {config.lint}"
    if cache.has_passed(name, cache.all_but()):
        return report.say("lint: unchanged, it passed with this tree")
    for words in config.lint:
        if task.dry:
            report.note(f"would run: {command(*words)}")
        else:
            show(config.root, *words)
    return None if task.dry else cache.remember(name, cache.all_but())


def show(root: Path, *words: object, **variables: str) -> None:
    """Run a program with its output shown as it comes; AksFlowError on a non-zero exit code."""
    checker = command(*words, cwd=root, env=variables)
    code = Local().attach(checker)
    if code:
        raise AksFlowError(f"`{checker}` ended with exit code {code}", next_step="Its output above says why.")
