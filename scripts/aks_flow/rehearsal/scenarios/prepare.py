"""Where every scenario begins: the stand-ins, and a delivery's context at them."""

from collections.abc import Callable

from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.core.steps import Steps
from aks_flow.rehearsal.standins import stack
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient


def stand_ins(config: Config, steps: Steps, tell: Callable[[str], None]) -> DeliveryContext:
    """The stand-ins, running, and the context that reaches them. ``tell``: hears what is installed."""
    run = Local()
    stack.up(run, config, steps, tell)
    return DeliveryContext(run, RegistryClient(config.destination.registry_host), config, steps)
