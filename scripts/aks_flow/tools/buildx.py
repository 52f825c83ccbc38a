"""docker buildx: argument lists and parsers. https://docs.docker.com/reference/cli/docker/buildx/"""

import re
from collections.abc import Sequence

from aks_flow.core.command import Command, command, flags
from aks_flow.tools.docker import ImageBuild

OWN = "aks-flow"  # what a builder is called that is made here
_DRIVER = re.compile(r"^Driver:\s+(\S+)$", re.MULTILINE)
_ENGINE = "docker"  # the driver that is the engine itself: it attests nothing, and has one platform


def inspect(name: str = "") -> Command:
    """The builder of this name, or the one in use; a non-zero exit code if there is none, or no buildx."""
    words = (name,) if name else ()
    return command("docker", "buildx", "inspect", *words, reads=True, ok=range(256))


def parse_driver(text: str) -> str:
    """What the builder works with, "" if it does not say."""
    match = _DRIVER.search(text)
    return match[1] if match else ""


def is_whole(driver: str) -> bool:
    """Whether a builder with this driver has all of BuildKit: attestations, several platforms."""
    return driver not in ("", _ENGINE)


def create() -> Command:
    """Make a builder and use it; it reaches a registry on this machine too."""
    words = flags(name=OWN, driver="docker-container", driver_opt="network=host", use=True)
    return command("docker", "buildx", "create", *words)


def use() -> Command:
    return command("docker", "buildx", "use", OWN)


def build(asked: ImageBuild, platforms: Sequence[str]) -> Command:
    """As `docker.build`, pushed at once: an engine keeps no attestations, and one platform's image alone."""
    platform = ",".join(platforms) or None
    words = flags(push=True, tag=asked.image, platform=platform, provenance="mode=max", sbom="true")
    return command("docker", "buildx", "build", *words, *asked.options, "-", stdin=asked.context)
