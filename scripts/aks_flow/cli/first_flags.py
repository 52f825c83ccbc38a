"""Words as people type them, for Invoke: ``push dev`` -> ``push --env=dev``, and ``--help`` behind any task.

Invoke takes an argument with a default by its flag alone, and what stands where one without a default is due
as that, even if it is ``--help``.
"""

from invoke import Collection, Task

_HELP = ("--help", "-h")


def with_first_flags(tasks: Collection, words: list[str]) -> list[str]:
    """A call's words, each bare one behind a task as the value of its first parameter, if that is a text."""
    flagged, flag = [], ""
    for word in words:
        task = find_task(tasks, word)
        named = not task and flag and not word.startswith("-")
        flagged.append(f"--{flag}={word}" if named else word)
        flag = _first_text(task) if task else ""
    return flagged


def task_to_help_with(tasks: Collection, words: list[str]) -> str:
    """The task that ``--help`` or ``-h`` stands behind, not as the value of another flag; "" for none."""
    name, before = "", ""
    for word in words:
        if word in _HELP and name and not before.startswith("-"):
            return name
        name, before = word if find_task(tasks, word) else name, word
    return ""


def find_task(tasks: Collection, word: str) -> Task | None:
    """The task of that name, or None."""
    try:
        return tasks[word]
    except (KeyError, ValueError):  # no such task, or a namespace without one of its own
        return None


def _first_text(task: Task) -> str:
    """The name of a task's first parameter if that is a text with a default, or ""."""
    parameters = list(task.argspec(task.body).parameters.values())
    return parameters[0].name if parameters and isinstance(parameters[0].default, str) else ""
