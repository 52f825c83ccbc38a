"""The image that the stand-in cluster runs its own helpers in, whatever the project is made of."""

from collections.abc import Callable
from dataclasses import replace

from aks_flow.core.config import Config
from aks_flow.core.config.sections import ThirdPartyImage
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Local
from aks_flow.image.names import repository
from aks_flow.rehearsal.standins.docker import base_images
from aks_flow.target.registry import RegistryClient

# With the packages that most Python projects name for theirs: then one replacement does for both.
IMAGE = ThirdPartyImage(
    ImageRef.parse("python:3.11-slim-bookworm"),
    ("python3", "python3-venv", "python3-pip", "ca-certificates"),
)


def copy(config: Config) -> ImageRef:
    """Its name in the target's registry."""
    return repository(config, "aks-flow-helper").with_tag(IMAGE.source.tag)


def ensure(run: Local, registry: RegistryClient, config: Config, tell: Callable[[str], None]) -> None:
    """It in the target's registry, beside the project's third-party images; Unavailable as of `bring`."""
    images = {copy(config): _image(config)} | base_images.copies(config)
    base_images.bring(run, registry, images, tell)


def _image(config: Config) -> ThirdPartyImage:
    """The project's own entry where it has the same image, pinned or not: then one original does for both."""
    alike = (image for image in config.images.values() if _unpinned(image) == IMAGE)
    return next(alike, IMAGE)


def _unpinned(image: ThirdPartyImage) -> ThirdPartyImage:
    return replace(image, source=image.source.with_tag(image.source.tag))
