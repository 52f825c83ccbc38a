"""Third-party images: the target's registry has a copy of each, so no delivery needs another one."""

from aks_flow.core import wait
from aks_flow.core.config import Config
from aks_flow.core.image_ref import ImageRef
from aks_flow.image import names
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient

ARRIVED = 600  # seconds for a copy from registry to registry


def mirror(context: DeliveryContext) -> dict[str, ImageRef]:
    """Copy the third-party images that the registry lacks; all copies by name, with their digests."""
    present = copies(context.registry, context.config)
    missing = [name for name, copy in present.items() if not copy.digest]
    for name in missing:
        original = context.config.images[name].source
        for command in context.copy_image(original, present[name]):
            context.run.run(command)
        _arrived(context.registry, present[name])
    return copies(context.registry, context.config) if missing else present


def _arrived(registry: RegistryClient, copy: ImageRef) -> None:
    """Wait until the registry has the copy: who may begin one may not always ask how far it is."""
    step = "Run the same command again; the registry's own log says why a copy did not arrive."
    wait.until(lambda: registry.digest(copy), f"the arrival of {copy}", ARRIVED, pause=1, next_step=step)


def copies(registry: RegistryClient, config: Config) -> dict[str, ImageRef]:
    """The copies by name, as they are now: one that the registry does not hold has no digest."""
    references = {name: names.copy_of(config, image.source) for name, image in config.images.items()}
    return names.known(registry, references)
