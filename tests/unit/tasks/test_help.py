"""What --help says of a task: a text with its default for each flag, and an example that can be typed."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from invoke import Argument

from aks_flow.cli.workflows import refusal
from tasks import namespace

ROOT = Path(__file__).resolve().parents[3]
NAMES = sorted(namespace.task_names)
WHY = refusal(namespace)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_can_be_typed(name):
    assert WHY([name, *shlex.split(namespace[name].example)]) == ""


@pytest.mark.parametrize("name", NAMES)
def test_every_flag_has_a_text_that_tells_its_default(name):
    arguments = namespace[name].get_arguments()
    assert [argument.name for argument in arguments if not argument.help] == []
    assert [
        argument.name for argument in arguments if is_optional_text(argument) and not says(argument)
    ] == []


def is_optional_text(argument: Argument) -> bool:
    return argument.kind in (str, int) and not argument.positional


def says(argument: Argument) -> bool:
    return "default: " in argument.help and (not argument.default or str(argument.default) in argument.help)


def test_help_ends_with_the_example():
    ran = subprocess.run(
        [sys.executable, ROOT / "scripts/aks_flow/cli/program.py", "--help", "push.undo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.rstrip().endswith("Example:\n  ./inv push.undo staging --to=4")
    assert "the environment; default: the first" in ran.stdout
