"""What is checked out, read for a delivery: what there is to know of its version is said as a step."""

from collections.abc import Callable

from aks_flow.gitflow import source
from aks_flow.gitflow.source import Source
from aks_flow.gitflow.version import Version
from aks_flow.target.delivery import DeliveryContext


def read_source(
    context: DeliveryContext,
    dirty: bool = False,
    known: Version | None = None,
    begun: Callable[[Source], None] = lambda source: None,
) -> Source:
    """As `source.read`."""
    config = context.config
    checked_out = source.read(context.run, config.root, config.branches, dirty, known, begun)
    if checked_out.remarks:
        with context.steps("version") as step:
            step.note = "; ".join((str(checked_out.version), *checked_out.remarks))
    return checked_out
