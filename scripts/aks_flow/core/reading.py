"""What other programs print, read: a value, or a sentence that names the program and shows what it said."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.printable import shortened

# What a reader may raise of a text that is not as it should be.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)
_SHOWN = 120  # characters

Given = ParamSpec("Given")
Read = TypeVar("Read")


class UnreadableOutput(AksFlowError):
    """A program printed something else than it should have."""


def reads(program: str, private: bool = False) -> Callable[[Callable[Given, Read]], Callable[Given, Read]]:
    """A decorator of functions whose first argument is what a program printed: text, bytes or a Result.

    They raise UnreadableOutput where that is not as it should be. private: there may be secrets in it, so
    that none of it is shown.
    """

    def decorate(read: Callable[Given, Read]) -> Callable[Given, Read]:
        @wraps(read)
        def reading(*given: Given.args, **named: Given.kwargs) -> Read:
            try:
                return read(*given, **named)
            except UNREADABLE as error:
                raise _unreadable(program, "" if private else _said(given[0])) from error

        return reading

    return decorate


def text_of(value: object) -> str:
    """A value that should be a text; TypeError if it is none."""
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _unreadable(program: str, said: str) -> UnreadableOutput:
    what = f"{program} printed something that cannot be read" + (f": {said}" if said else "")
    step = f"Is another program called {program} on PATH, or another version of it? ./inv doctor shows them."
    return UnreadableOutput(what, next_step=step)


def _said(printed: object) -> str:
    """The beginning, in one line, so that it can command no terminal."""
    output = printed.stdout if isinstance(printed, Result) else printed
    text = output.decode(errors="replace") if isinstance(output, bytes) else str(output)
    return shortened(text, _SHOWN)
