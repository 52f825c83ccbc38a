"""The workload's images: built once from the helper image and pushed to the registry under test."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import command
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Local
from aks_flow.tools import docker

CONTEXT = Path(__file__).parent / "conformance" / "image"
VERSIONS = ("v1", "v2", "bad", "sick")


@dataclass(frozen=True)
class Demo:
    """References of the demo web server: ``demo["v1"]``; "missing" is in no registry."""

    registry: str

    def __getitem__(self, version: str) -> str:
        return f"{self.registry}/demo-web:{version}"

    def publish(self, base: ImageRef) -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda version: self._publish(base, version), VERSIONS))

    def _publish(self, base: ImageRef, version: str) -> None:
        image, arguments = self[version], {"BASE": base, "VERSION": version}
        flags = [word for name, value in arguments.items() for word in ("--build-arg", f"{name}={value}")]
        Local().run(command("docker", "build", "--quiet", "--tag", image, *flags, CONTEXT))
        Local().run(docker.push(ImageRef.parse(image)))

    def forget(self) -> None:
        """Take the images' names off the engine."""
        Local().run(
            command("docker", "rmi", "--no-prune", *(self[version] for version in VERSIONS), ok=range(256))
        )
