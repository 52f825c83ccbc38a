"""Third-party images in a registry: copies of the official ones, or of replacements."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aks_flow.core.config import Config
from aks_flow.core.config.sections import ThirdPartyImage
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed, Local
from aks_flow.image.names import copy_of
from aks_flow.rehearsal.standins.docker import packed, replacement
from aks_flow.target import image_copy
from aks_flow.target.image_copy import HeldImage
from aks_flow.target.registry import RegistryClient
from aks_flow.tools import docker

Tell = Callable[[str], None]


def ensure(run: Local, registry: RegistryClient, config: Config, tell: Tell) -> None:
    """A copy of each third-party image of the project in the target's registry; Unavailable as of `bring`."""
    bring(run, registry, copies(config), tell)


def share(registry: RegistryClient, of: Config, config: Config) -> None:
    """The copies of third-party images that a registry has for one project, under the names for another."""
    there, names = copies(of), copies(config)
    for copy, name in zip(there, names, strict=True):
        digest = registry.digest(copy)
        if digest and not registry.digest(name):
            image_copy.copy(HeldImage(registry, copy.with_tag("", digest)), registry, name)


def copies(config: Config) -> dict[ImageRef, ThirdPartyImage]:
    """The project's third-party images by the names of their copies."""
    return {copy_of(config, image.source): image for image in config.images.values()}


def bring(
    run: Local, registry: RegistryClient, images: Mapping[ImageRef, ThirdPartyImage], tell: Tell
) -> None:
    """Each image under its copy's name in the registry, unless that holds the name already.

    Unavailable if one can neither be pulled nor made of packages.
    """
    names: dict[ThirdPartyImage, list[ImageRef]] = {}
    for copy, image in images.items():
        if not registry.digest(copy):
            names.setdefault(image, []).append(copy)
    with ThreadPoolExecutor() as pool:  # two take the time of one: making and packing them takes a core each
        list(pool.map(partial(_bring_one, run, registry, tell), names, names.values()))


def _bring_one(
    run: Local, registry: RegistryClient, tell: Tell, image: ThirdPartyImage, names: list[ImageRef]
) -> None:
    packed.store(run, registry, _original(run, tell, image), names)


def _original(run: Local, tell: Tell, image: ThirdPartyImage) -> ImageRef:
    official = image.source
    if run.run(docker.image_id(official)).code == 0:
        return official
    try:
        run.run(docker.pull(official))
        tell(f"{official}: the official image")
        return official
    except CommandFailed:
        return replacement.make(run, image, tell)
