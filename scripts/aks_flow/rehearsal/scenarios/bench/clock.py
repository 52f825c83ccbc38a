"""Timing one call."""

import time
from collections.abc import Callable


def seconds(call: Callable[[], object]) -> float:
    """How long the call took."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
