"""What a delivery is made of: a commit's manifests, the app's image and the third-party ones."""

from dataclasses import dataclass

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow import source
from aks_flow.gitflow.source import Source
from aks_flow.image import build
from aks_flow.image.mirror import copies, mirror
from aks_flow.image.names import published
from aks_flow.push.request import PushRequest
from aks_flow.target.delivery import DeliveryContext


@dataclass(frozen=True)
class Artifacts:
    """source: the commit whose manifests are applied. image: the app's, with its others if it has several.
    copies: those of third-party images in the target's registry, by name. new: whether an image of the app's
    was, or must be, built for this.
    """

    source: Source
    image: ImageRef
    copies: dict[str, ImageRef]
    new: bool = False


def build_artifacts(context: DeliveryContext, request: PushRequest) -> Artifacts:
    """Build and publish what the registry does not have yet.

    AksFlowError if the work tree has changes that are not allowed, or if the registry has no such version.
    """
    checked_out = source.read(context.run, context.config.root, request.dirty)
    if request.version:
        image = published(context.registry, context.config, request.version)
        return Artifacts(checked_out, image, mirror(context))
    copies = mirror(context)
    built = build.ensure(context, checked_out)
    return Artifacts(checked_out, built.images, copies, built.any_new)


def read_artifacts(context: DeliveryContext, request: PushRequest) -> Artifacts:
    """What `build_artifacts` would give for the commit; nothing is built: a new image has no digest."""
    checked_out = source.read(context.run, context.config.root, request.dirty)
    image = build.planned(context, checked_out)
    return Artifacts(checked_out, image, copies(context.registry, context.config), not image.is_published)
