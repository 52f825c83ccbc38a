"""How a task is declared: name, parameters and first line; what it does is imported when it is called.

`./inv --list` imports declarations alone, and so stays quick.
"""

import inspect
from collections.abc import Callable
from typing import Any

from invoke import Argument, Context, Task

FIRST = "the first"  # the environment that a call means without a name: invoke.yaml's first

# The help of flags that mean the same in every task.
FLAGS = {
    "dirty": "allow a work tree with changes",
    "env": "the environment",
    "json": "print one document",
    "strategy": "rolling, canary or blue-green",
    "undo": "on a bad verdict go back to the last good revision",
}


# What an example gives to parameters that have no default, and to those that a call mostly names.
SAMPLES = {
    "branch": "feature/dark-mode",
    "env": "staging",
    "files": "'manifests/**/*.yaml'",
    "number": "3",
    "source": "dev",
    "target": "staging",
    "version": "1.5.0",
}


class LazyTask(Task):
    """A task whose body is its signature alone.

    module: where the function is that the task calls: NAME_task, with the same arguments after a TaskContext.
    development: whether it needs what requirements-dev.lock names; the first call brings that.
    example: the words behind the task's name in a call that --help shows.
    """

    def __init__(self, signature: Callable, module: str, development: bool, example: str, **options: Any):
        super().__init__(signature, **options)
        self.example = example
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

    def __call__(self, context: Context, /, **arguments: Any) -> None:
        from aks_flow.cli.run_task import run_task  # the one import that waits for a call

        run_task(self, context, arguments)


def tasks_of(module: str, development: bool = False) -> Callable:
    """A decorator like Invoke's `task`, and with its options, for the tasks whose functions a module has."""

    def task(
        signature: Callable | None = None,
        help: dict[str, str] | None = None,
        example: str | None = None,
        **options: Any,
    ):
        if signature is None:
            return lambda later: task(later, help, example, **options)
        defaults = _defaults(signature)
        texts = {flag: FLAGS[flag] for flag in defaults if flag in FLAGS} | (help or {})
        texts = {flag: f"{text}{_default_of(defaults.get(flag))}" for flag, text in texts.items()}
        shown = _example(defaults) if example is None else example
        return LazyTask(signature, module, development, shown, help=texts, **options)

    return task


def _defaults(signature: Callable) -> dict[str, Any]:
    """The parameters behind Invoke's context, with their defaults; ``...`` where there is none."""
    parameters = list(inspect.signature(signature).parameters.values())[1:]
    return {item.name: ... if item.default is item.empty else item.default for item in parameters}


def _default_of(value: Any) -> str:
    """What --help says of a default; an empty one has its own meaning, which the flag's text tells."""
    if value in (..., "", False, None):
        return ""
    return f"; default: {'yes' if value is True else value}"


def _example(defaults: dict[str, Any]) -> str:
    """What must be given, and the environment."""
    needed = [name for name, value in defaults.items() if value is ...]
    optional = ["env"] if defaults.get("env") not in (None, ...) else []
    return " ".join(
        [*(SAMPLES[name] for name in needed), *(f"--{name}={SAMPLES[name]}" for name in optional)]
    )
