"""What a push is asked to do: the one value in which its options travel."""

from dataclasses import dataclass

from aks_flow.push.strategy import names
from aks_flow.push.strategy.names import ROLLING


@dataclass(frozen=True)
class PushRequest:
    """AksFlowError for a strategy that does not exist.

    environment: where to. version: one that the registry has; "" for that of the commit that is checked out,
    which is built. dirty: the work tree may have changes. undo: go back if the new version is bad. strategy:
    one of `strategy.names`.
    """

    environment: str
    version: str = ""
    dirty: bool = False
    undo: bool = True
    strategy: str = ROLLING

    def __post_init__(self):
        names.check(self.strategy)

    @property
    def automatic(self) -> bool:
        """Whether a newer version that runs stays: nobody has chosen this one by its name."""
        return not self.version
