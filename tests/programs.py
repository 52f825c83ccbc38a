"""A test that lacks a program is skipped, and says what brings it."""

import pytest

from aks_flow.rehearsal.standins.programs.machine import has, here
from aks_flow.rehearsal.standins.programs.table import REHEARSAL, Program, release
from dev.programs import TESTS

_BY_NAME: dict[str, Program] = {program.name: program for program in (*REHEARSAL, *TESTS)}


def need(*names: str) -> None:
    """Skip here unless all of these programs are there."""
    if reason := lacking(*names):
        pytest.skip(reason)


def needs(*names: str) -> pytest.MarkDecorator:
    """The mark of tests that need these programs."""
    reason = lacking(*names)
    return pytest.mark.skipif(bool(reason), reason=reason)


def lacking(*names: str) -> str:
    """Which of them are not there, and what brings them; "" if all are."""
    return "; ".join(f"{name} is not installed ({_remedy(name)})" for name in names if not has(name))


def _remedy(name: str) -> str:
    known = release(here().facts)
    packages = " ".join(known.bring([_BY_NAME[name]])) if known else "a package"
    return f"{packages}, which `./inv test` brings where it may"
