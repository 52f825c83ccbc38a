"""How a task is declared: name, parameters and first line; what it does is imported when it is called.

`./inv --list` imports declarations alone, and so stays quick.
"""

from collections.abc import Callable
from typing import Any

from invoke import Argument, Context, Task

# The help of flags that mean the same in every task.
FLAGS = {
    "dirty": "allow a work tree with changes",
    "env": "the environment",
    "json": "print one document",
    "strategy": "rolling, canary or blue-green",
    "undo": "on a bad verdict go back to the last good revision",
}


class LazyTask(Task):
    """A task whose body is its signature alone.

    module: where the function is that the task calls: NAME_task, with the same arguments after a TaskContext.
    development: whether it needs what requirements-dev.lock names; the first call brings that.
    """

    def __init__(self, signature: Callable, module: str, development: bool, **options: Any):
        super().__init__(signature, **options)
        self.module, self.function, self.development = module, f"{signature.__name__}_task", development

    def __deepcopy__(self, _) -> "LazyTask":
        """Itself: Invoke copies every task of a namespace, and a declaration does not change."""
        return self

    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        """The same each time it is called: Invoke takes a flag's help out of the task as it reads it."""
        texts, self.help = self.help, dict(self.help)
        try:
            return super().get_arguments(ignore_unknown_help)
        finally:
            self.help = texts

    def __call__(self, context: Context, **arguments: Any) -> None:
        from aks_flow.cli.run_task import run_task  # the one import that waits for a call

        run_task(self, context, arguments)


def tasks_of(module: str, development: bool = False) -> Callable:
    """A decorator like Invoke's `task`, and with its options, for the tasks whose functions a module has."""

    def task(signature: Callable | None = None, help: dict[str, str] | None = None, **options: Any):
        if signature is None:
            return lambda later: task(later, help, **options)
        texts = {flag: FLAGS[flag] for flag in _parameters(signature) if flag in FLAGS} | (help or {})
        return LazyTask(signature, module, development, help=texts, **options)

    return task


def _parameters(signature: Callable) -> tuple[str, ...]:
    code = signature.__code__
    return code.co_varnames[: code.co_argcount]
