"""The same work typed by hand: docker, git and kubectl, and nothing between them."""

from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, command, flags
from aks_flow.core.config import Config
from aks_flow.image.build_all import base_image_arguments
from aks_flow.image.keys import read_bases
from aks_flow.image.names import repository
from aks_flow.rehearsal.scenarios import routes
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import docker
from aks_flow.tools.git import remotes
from aks_flow.tools.kubectl import Kubectl, apply, diff, rollout

STAYS_UP = 2  # seconds that a delivery looks at a new pod before it calls it well, and a person does not
_PATIENCE = 120  # seconds
_BRANCH = "refs/heads/by-hand"


@dataclass(frozen=True)
class ByHand:
    """Works on a clone and on the environment that is pushed to; ``context`` is the rehearsal's."""

    context: DeliveryContext
    repo: Path

    @property
    def _config(self) -> Config:
        return self.context.config

    @property
    def _cluster(self) -> Kubectl:
        return self.context.cluster(routes.pushed_to(self._config))

    def push(self, tag: str) -> None:
        """Build, push, set image, wait."""
        image = repository(self._config, self._config.app.own_image).with_tag(f"hand-{tag}")
        self._run(
            self._build(image),
            docker.push(image),
            self._cluster.command("set", "image", f"deployment/{self._config.app.name}", f"*={image}"),
            self._wait(),
        )

    def pull(self, manifest: str) -> None:
        """Push the commit, apply, wait."""
        origin = self._config.destination.repository
        pushed = remotes.push(self.repo, origin, f"+HEAD:{_BRANCH}")
        self._run(pushed, apply.manifest(self._cluster, manifest), self._wait())

    def compare(self, manifest: str) -> None:
        """Start an interpreter, and ask what an apply would change."""
        self._run(command("python3", "-c", "pass"), diff.manifest(self._cluster, manifest))

    def _run(self, *commands: Command) -> None:
        for typed in commands:
            self.context.run.run(typed)

    def _wait(self) -> Command:
        return rollout.status(self._cluster, [f"deployment/{self._config.app.name}"], _PATIENCE)

    def _build(self, image: object) -> Command:
        built = self._config.app.built_images[self._config.app.own_image]
        name = self._config.app.own_image
        bases = read_bases(self.context.registry, self._config, (name,))
        given = base_image_arguments(self._config, name, bases)
        arguments = [f"{argument}={copy}" for argument, copy in given.items()]
        words = flags(quiet=True, tag=image, file=self.repo / built.file, build_arg=arguments)
        return command("docker", "build", *words, self.repo / built.context)
