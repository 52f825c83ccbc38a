"""The hands of a delivery: where commands run, which registry and cluster they reach, who watches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scripts.command import Command
from scripts.config import Config
from scripts.image import ImageRef
from scripts.registry import Registry
from scripts.runner import Runner
from scripts.steps import Steps
from scripts.tools import docker
from scripts.tools.kubectl import Kubectl

Bring = Callable[[ImageRef, ImageRef], Sequence[Command]]
Build = Callable[[Runner, ImageRef, bytes, Mapping[str, str]], None]


@dataclass(frozen=True)
class Delivery:
    """What every flow receives; it knows the target, the flow does not.

    bring: what copies a third-party image to the target's registry. build: what builds an image there, from
    a context (a tar) and build arguments; None: the engine builds it, and it is pushed.
    """

    run: Runner
    registry: Registry
    config: Config
    steps: Steps
    bring: Bring = docker.bring
    build: Build | None = None

    def cluster(self, environment: str) -> Kubectl:
        """kubectl for the environment's namespace; ConfigError if there is no such environment."""
        target = self.config.destination
        return Kubectl(target.kubeconfig, target.context, self.config.environment(environment).namespace)
