"""What the task `test` does: the suites of commands that the project names for it."""

import shlex

from aks_flow import report
from aks_flow.cli.context import TaskContext
from aks_flow.cli.lint import show
from aks_flow.core import project
from aks_flow.core.command import command
from aks_flow.core.config import Config
from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.core.errors import AksFlowError


def test_task(task: TaskContext, only: str, args: str) -> None:
    """Every suite, or ``only`` one of them; AksFlowError that names those of which a command failed.

    args: words that each command is given besides.
    """
    config = task.config()
    failed = {name: error for name in _chosen(config, only) if (error := _failure(task, config, name, args))}
    if len(failed) == 1:
        raise next(iter(failed.values()))
    if failed:
        step = "The output of each above says why."
        raise AksFlowError(f"these suites failed: {', '.join(failed)}", next_step=step)


def _chosen(config: Config, only: str) -> list[str]:
    """The names of the suites that are asked for; AksFlowError if there is none."""
    if not config.test:
        step = f"Name the project's own commands in {project.FILE}, as in `test: {{unit: [npm test]}}`."
        raise AksFlowError("`test` names no command", where=project.FILE, next_step=step)
    if only and only not in config.test:
        what = f"there is no suite {only!r}; there are {', '.join(config.test)}"
        step = did_you_mean(only, config.test, "Choose one of them.")
        raise AksFlowError(what, where="--only", next_step=step)
    return [only] if only else list(config.test)


def _failure(task: TaskContext, config: Config, suite: str, args: str) -> AksFlowError | None:
    """Run a suite's commands up to the first that fails."""
    try:
        for words in config.test[suite]:
            whole = (*words, *shlex.split(args))
            if task.dry:
                report.note(f"would run: {command(*whole)}")
            else:
                show(config.root, *whole)
    except AksFlowError as error:
        return error
    return None
