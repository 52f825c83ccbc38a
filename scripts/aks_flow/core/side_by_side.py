"""Several of a kind at once, where each waits for an answer from elsewhere."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

AT_ONCE = 32  # a registry or an engine that is asked for more answers no sooner

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def side_by_side(
    act: Callable[[Item], Answer], items: Iterable[Item], at_once: int = AT_ONCE
) -> list[Answer]:
    """What each gives, in their order. Raises the first error, once all have ended."""
    items = list(items)
    if len(items) < 2:
        return [act(item) for item in items]
    with ThreadPoolExecutor(at_once) as pool:
        return [ended.result() for ended in [pool.submit(act, item) for item in items]]
