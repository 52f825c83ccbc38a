"""What a push is asked to do: the one value in which its options travel."""

from dataclasses import dataclass

from aks_flow.image import digests
from aks_flow.push.strategy import names
from aks_flow.push.strategy.names import ROLLING


@dataclass(frozen=True)
class PushRequest:
    """AksFlowError for a strategy that does not exist, and for a digest without its version.

    environment: where to. version: one that the registry has; "" for that of the commit that is checked out,
    which is built. digest: what the version is in the registry, as of `digests.read`; "" to take what is
    there. by_name: whether a person chose the version: then it replaces a newer one. dirty: the work tree may
    have changes. undo: go back if the new version is bad. strategy: one of `strategy.names`.
    """

    environment: str
    version: str = ""
    digest: str = ""
    by_name: bool = False
    dirty: bool = False
    undo: bool = True
    strategy: str = ROLLING

    def __post_init__(self):
        names.check(self.strategy)
        digests.check(self.version, self.digest)
