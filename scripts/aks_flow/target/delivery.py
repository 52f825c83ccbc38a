"""What a delivery works with: where commands run, which registry and cluster they reach, who watches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aks_flow.core.command import Command
from aks_flow.core.config import Config
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.core.steps import Steps
from aks_flow.target.registry import RegistryClient
from aks_flow.tools import docker
from aks_flow.tools.docker import ImageBuild
from aks_flow.tools.kubectl import Kubectl

CopyImage = Callable[[ImageRef, ImageRef], Sequence[Command]]
BuildImage = Callable[[Runner, ImageBuild], None]


@dataclass(frozen=True)
class DeliveryContext:
    """What every flow receives; it knows the target, the flow does not.

    copy_image: gives the commands that copy a third-party image (first) to the target's registry (second).
    build_image: builds an image there; None if the engine builds it, and it is pushed. publishing: gives what
    images are published with, None if that is this. dry: nothing may be changed.
    """

    run: Runner
    registry: RegistryClient
    config: Config
    steps: Steps
    copy_image: CopyImage = docker.bring
    build_image: BuildImage | None = None
    publishing: Callable[[], "DeliveryContext"] | None = None
    dry: bool = False

    @property
    def home(self) -> "DeliveryContext":
        """What images are published with: an environment may have a registry of its own."""
        return self.publishing() if self.publishing else self

    def cluster(self, environment: str) -> Kubectl:
        """kubectl for the environment's namespace; ConfigError if there is no such environment."""
        here = self.config.of(environment)
        return Kubectl.at(here.destination, here.environment(environment).namespace)
