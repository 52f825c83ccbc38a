"""What `./inv` does not load of Invoke, and that all of Invoke works all the same."""

import subprocess
import sys

import pytest

from tests.package import SOURCES

LISTS = "from aks_flow.cli import program; program.main()"
HEAVY = ("unittest.mock", "asyncio", "invoke.vendor.yaml.loader")
DOUBLE = """
from aks_flow.cli import light_invoke
light_invoke.load()
from invoke import MockContext, Result
print(MockContext(run=Result("done")).run("anything").stdout)
"""
REAL = "import invoke.vendor.yaml, yaml; from unittest.mock import Mock; print(Mock.__name__, yaml.__name__)"


def printed(text: str, *arguments: str) -> str:
    ran = [sys.executable, "-c", text, *arguments]
    return subprocess.run(
        ran, check=True, capture_output=True, text=True, env={"PYTHONPATH": str(SOURCES)}
    ).stdout


@pytest.mark.parametrize("name", HEAVY)
def test_a_listing_loads_nothing_heavy_that_it_does_not_use(name):
    shown = f"import atexit, sys; atexit.register(lambda: print({name!r} in sys.modules)); "
    assert printed(f"{shown}{LISTS}", "--list").endswith("False\n")


def test_invoke_s_own_doubles_work():
    assert printed(DOUBLE) == "done\n"


def test_the_real_modules_are_there_for_others():
    assert printed(f"from aks_flow.cli import light_invoke; light_invoke.load(); {REAL}") == "Mock yaml\n"


@pytest.mark.parametrize("before", ["import invoke", "import unittest.mock"])
def test_what_was_loaded_before_stays(before):
    shown = "import sys; print(type(sys.modules['unittest.mock'].Mock).__name__)"
    assert (
        printed(f"{before}; from aks_flow.cli import light_invoke; light_invoke.load(); {shown}") == "type\n"
    )
