"""Invoke, loaded without what no command here needs of it: a third of a command's start.

It loads unittest.mock, and asyncio with that, for its MockContext alone; and a YAML library of its own beside
the one that this program reads invoke.yaml with.
"""

import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any

_DOUBLES, _YAML = "unittest.mock", "invoke.vendor.yaml"


def load() -> None:
    """Import Invoke; nothing if that was done before. MockContext works all the same."""
    if "invoke" in sys.modules:
        return
    sys.modules[_YAML] = import_module("yaml")
    if _DOUBLES in sys.modules:
        import_module("invoke")
        return
    sys.modules[_DOUBLES] = _late_doubles()
    try:
        import_module("invoke")
    finally:
        del sys.modules[_DOUBLES]


def _late_doubles() -> ModuleType:
    """A module whose names load the one that they are of when they are called."""
    late = ModuleType(_DOUBLES)
    late.__getattr__ = lambda name: partial(_called, name)
    return late


def _called(name: str, *arguments: Any, **options: Any) -> Any:
    made: Callable = getattr(import_module(_DOUBLES), name)
    return made(*arguments, **options)
