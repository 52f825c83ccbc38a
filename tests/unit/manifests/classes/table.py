"""Tables of cases: each names its class, and the public report of one of its members where there is one."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from aks_flow.manifests.yaml_edit.errors import EditError

FOLDER = Path(__file__).parent


def cases(file: str) -> list:
    """The cases of a table as pytest's parameters, called by their class and their number."""
    table = tomllib.loads((FOLDER / file).read_text("utf-8"))["case"]
    return [pytest.param(case, id=f"{case['class']} {number}") for number, case in enumerate(table)]


def refused(case: dict, call: Callable[[], object]) -> None:
    with pytest.raises(EditError) as caught:
        call()
    assert case["says"] in str(caught.value)
