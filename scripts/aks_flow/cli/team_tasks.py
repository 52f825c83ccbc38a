"""A team's own tasks, and aks-flow's beside them."""

import sys
from pathlib import Path

from invoke import Collection, FilesystemLoader

from aks_flow import collection
from aks_flow.cli.declare import LazyTask


def load(root: Path) -> Collection:
    """What a project's tasks.py has, as Invoke loads it: no bytecode, which a push would refuse there."""
    as_it_was, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        module, _ = FilesystemLoader(start=str(root)).load()
    finally:
        sys.dont_write_bytecode = as_it_was
    return Collection.from_module(module)


def with_ours(own: Collection) -> Collection:
    """Both; only the team's if it has taken ours in already. Where both have a name, it means the team's."""
    if _is_ours(own):
        return own
    both = collection()
    for name, task in own.tasks.items():
        _make_room(both, name, *task.aliases)
        both.add_task(task, name, default=False)
    for name, namespace in own.collections.items():
        _make_room(both, name)
        both.add_collection(namespace, name)
    both.configure(own.configuration())
    return both


def hidden_by(own: Collection) -> list[str]:
    """The names of our tasks and namespaces that a team's own have instead."""
    ours = collection()
    theirs = [name for name, task in own.tasks.items() if not isinstance(task, LazyTask)]
    theirs += [name for name, namespace in own.collections.items() if not _is_ours(namespace)]
    return sorted({*theirs} & {*ours.tasks, *ours.collections})


def _is_ours(namespace: Collection) -> bool:
    return any(isinstance(namespace[name], LazyTask) for name in namespace.task_names)


def _make_room(both: Collection, *names: str) -> None:
    for name in names:
        both.collections.pop(name, None)
        both.tasks.pop(name, None)
