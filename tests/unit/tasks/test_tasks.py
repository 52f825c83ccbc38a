"""Every task is declared, explained to its last flag, and has a function that takes its arguments."""

import inspect
from importlib import import_module

import pytest

from tasks import namespace

TASKS = {name: namespace[name] for name in namespace.task_names}


def names(function) -> list[str]:
    return list(inspect.signature(function).parameters)[1:]


def test_all_tasks_are_here():
    assert {"doctor", "push.run", "gitops.release-hold", "flow.hotfix.finish", "azure.login"} <= TASKS.keys()
    assert len(TASKS) > 60


@pytest.mark.parametrize("name", TASKS)
def test_a_task_says_what_it_does_and_what_each_flag_means(name):
    task = TASKS[name]
    assert len(task.__doc__.splitlines()) == 1 and task.__doc__.endswith(".")
    assert [flag for flag in names(task.body) if not task.help.get(flag.replace("_", "-"))] == []


def test_what_a_flag_means_is_still_known_after_a_command_line_was_parsed():
    task = namespace["push.run"]
    helps = [{argument.name: argument.help for argument in task.get_arguments()} for _ in range(2)]
    assert helps[0] == helps[1] and helps[0]["json"]


@pytest.mark.parametrize("name", TASKS)
def test_a_task_has_a_function_that_takes_its_arguments(name):
    task = TASKS[name]
    taken = inspect.signature(getattr(import_module(task.module), task.function)).parameters.values()
    named = {parameter.name for parameter in taken if parameter.kind is not parameter.VAR_KEYWORD} - {"task"}
    takes_all = len(named) < len(taken) - 1
    assert (named <= set(names(task.body))) if takes_all else (named == set(names(task.body)))


def test_a_flag_that_may_be_given_again_is_a_list():
    """A default of another type would take the letters of one value for the values."""
    repeated = [
        (name, argument.name, argument.kind)
        for name, task in TASKS.items()
        for argument in task.get_arguments()
        if argument.attr_name in task.iterable or argument.name in task.iterable
    ]
    assert len(repeated) >= 3 and {kind for _, _, kind in repeated} == {list}
