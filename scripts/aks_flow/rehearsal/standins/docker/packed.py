"""An image of the engine in a registry.

The engine packs an image anew for every registry (ten seconds of a core for a Debian with Python). So it is
taken from another registry of this machine where one has it: a rehearsal of another clone, say.
"""

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Local
from aks_flow.target import image_copy
from aks_flow.target.image_copy import HeldImage
from aks_flow.target.registry import RegistryClient
from aks_flow.target.registry_http import is_loopback
from aks_flow.tools import docker


def store(run: Local, registry: RegistryClient, original: ImageRef, names: list[ImageRef]) -> None:
    """The engine's image under all names, which are of the registry and which it does not have."""
    first, *others = names
    if not _is_copied(run, registry, original, first):
        run.run(docker.tag(original, first))
        run.run(docker.push(first))
    if others:
        held = HeldImage(registry, first.with_tag("", registry.digest(first)))
        for name in others:
            _copy(run, held, registry, name)


def _copy(run: Local, held: HeldImage, registry: RegistryClient, name: ImageRef) -> None:
    """The engine is told, too: else it would pack the layers again for whatever is built upon them."""
    image_copy.copy(held, registry, name)
    run.run(docker.pull(name))


def _is_copied(run: Local, registry: RegistryClient, original: ImageRef, name: ImageRef) -> bool:
    """Whether a registry that the engine remembers to have pushed to still has it and has handed it over."""
    for place in docker.parse_digests(run.run(docker.digests(original)).text):
        if place.registry == registry.host or not is_loopback(place.registry):
            continue
        try:
            _copy(run, HeldImage(RegistryClient(place.registry), place), registry, name)
            return True
        except AksFlowError:  # it is gone, or has lost a part: the engine has all
            continue
    return False
