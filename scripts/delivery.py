"""The hands of a delivery: where commands run, which registry and cluster they reach, who watches."""

from dataclasses import dataclass

from scripts.config import Config
from scripts.registry import Registry
from scripts.runner import Runner
from scripts.steps import Steps
from scripts.tools.kubectl import Kubectl


@dataclass(frozen=True)
class Delivery:
    """What every flow receives; it knows the target, the flow does not."""

    run: Runner
    registry: Registry
    config: Config
    steps: Steps

    def cluster(self, environment: str) -> Kubectl:
        """kubectl for the environment's namespace; ConfigError if there is no such environment."""
        target = self.config.destination
        return Kubectl(target.kubeconfig, target.context, self.config.environment(environment).namespace)
