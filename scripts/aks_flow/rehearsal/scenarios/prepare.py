"""Where every scenario begins: the stand-ins, or a given cluster, and a delivery's context there."""

from collections.abc import Callable

from aks_flow.cli import connect
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.core.steps import Steps
from aks_flow.rehearsal.scenarios.given_cluster.settings import GivenCluster
from aks_flow.rehearsal.standins import stack, turns
from aks_flow.rehearsal.standins.docker import base_images
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient
from aks_flow.tools.kubectl import Kubectl, version


def stand_ins(config: Config, steps: Steps, tell: Callable[[str], None]) -> DeliveryContext:
    """The stand-ins, running, and the context that reaches them. ``tell``: hears what is installed."""
    run = Local()
    stack.up(run, config, steps, tell)
    return DeliveryContext(run, RegistryClient(config.destination.registry_host), config, steps)


def given_cluster(given: GivenCluster, steps: Steps, tell: Callable[[str], None]) -> DeliveryContext:
    """The context that reaches a given cluster and registry; AksFlowError if one does not answer."""
    run, config = Local(), given.config
    turns.make_state(config)
    context = connect.connect(config, run, lambda runner: runner, steps)
    with steps("cluster") as step:
        step.note = run.run(version.as_text(Kubectl.at(config.destination))).text.splitlines()[-1]
    with steps("base images") as step:
        base_images.share(context.registry, given.project, config)
        base_images.ensure(run, context.registry, config, tell)
        step.note = f"in {config.destination.registry}"
    return context
