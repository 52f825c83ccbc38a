"""The strategies' names."""

from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.core.errors import AksFlowError

ROLLING, CANARY, BLUE_GREEN = "rolling", "canary", "blue-green"
ALL = (ROLLING, CANARY, BLUE_GREEN)


def check(strategy: str) -> None:
    """AksFlowError unless it is one of them."""
    if strategy not in ALL:
        raise AksFlowError(f"there is no strategy {strategy!r}", next_step=did_you_mean(strategy, ALL))
