"""How much is tested: a little in `./inv test`, all of it with AKSFLOW_E2E_SCALE=full."""

import os
from typing import TypeVar

import pytest

T = TypeVar("T")

FULL = os.environ.get("AKSFLOW_E2E_SCALE") == "full"
only_in_full = pytest.mark.skipif(not FULL, reason="takes minutes: AKSFLOW_E2E_SCALE=full runs it")


def choose(short: T, full: T) -> T:
    return full if FULL else short
