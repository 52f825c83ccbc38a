"""The strategies' names."""

import difflib

from aks_flow.core.errors import AksFlowError

ROLLING, CANARY, BLUE_GREEN = "rolling", "canary", "blue-green"
ALL = (ROLLING, CANARY, BLUE_GREEN)


def check(strategy: str) -> None:
    """AksFlowError unless it is one of them."""
    if strategy not in ALL:
        close = difflib.get_close_matches(strategy, ALL, n=1)
        step = f"Did you mean {close[0]!r}?" if close else f"Choose one of: {', '.join(ALL)}."
        raise AksFlowError(f"there is no strategy {strategy!r}", next_step=step)
