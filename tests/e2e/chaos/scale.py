"""How much of it: a little in `./inv test`, all of it with AKSFLOW_CHAOS=full."""

import os
from typing import TypeVar

T = TypeVar("T")

FULL = os.environ.get("AKSFLOW_CHAOS") == "full"


def choose(short: T, full: T) -> T:
    return full if FULL else short
