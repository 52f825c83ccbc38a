"""A version's images, brought by digest to an environment that has another registry than they are in."""

from collections.abc import Mapping

from aks_flow.core.image_ref import ImageRef, by_name, with_others
from aks_flow.core.side_by_side import side_by_side
from aks_flow.image import attested, mirror, names
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.image_copy import HeldImage, copy


def named(context: DeliveryContext, image: ImageRef) -> ImageRef:
    """The same images as the context's registry calls them, copied or not."""
    config = context.config
    here = {
        name: names.repository(config, name).with_tag(original.tag, original.digest)
        for name, original in by_name(image, config.app.own_image).items()
    }
    return with_others(here.pop(config.app.own_image), here)


def bring(origin: DeliveryContext, context: DeliveryContext, image: ImageRef) -> ImageRef:
    """Copy a version's images from the registry of ``origin`` to the context's; what they are called there.

    Each is then proven to be there whole, with the same digest. Nothing is copied to where they are already.
    RegistryError if one cannot be copied: then no tag in there says that the version is.
    """
    here = named(context, image)
    if here == image or context.dry:
        return here
    own = context.config.app.own_image
    originals, copies = by_name(image, own), by_name(here, own)
    with context.steps("copy") as step:
        # The own image last: whoever sees its version finds those of the others.
        others = {name: copies.pop(name) for name in list(copies) if name != own}
        copied = _copied(origin, context, originals, others) + _copied(origin, context, originals, copies)
        step.note = _note(image, origin, copied)
    return here


def published(context: DeliveryContext, version: str, told: str = "") -> ImageRef:
    """A version's images in the context's registry, brought there unless all are there already.

    told: as of `names.published`, whose errors these are, and those of `attested.prove`.
    """
    held = names.held(context.registry, context.config, version)
    if context.publishing is None or all(image.digest for image in held.values()):
        image = names.published(context.registry, context.config, version, told)
        attested.prove(context, image)
        return image
    home = context.home
    original = names.published(home.registry, home.config, version, told)
    attested.prove(home, original)
    image = bring(home, context, original)
    bring_copies(home, context)
    return image


def mirrored(context: DeliveryContext) -> dict[str, ImageRef]:
    """The copies of third-party images in the context's registry, made where images are published."""
    if context.publishing is None:
        return mirror.mirror(context)
    mirror.mirror(context.home)
    return bring_copies(context.home, context)


def copies(context: DeliveryContext) -> dict[str, ImageRef]:
    """As of `mirror.copies`; one that the context's registry lacks has the digest that it would have."""
    present = mirror.copies(context.registry, context.config)
    if context.publishing is None or all(there.digest for there in present.values()):
        return present
    originals = mirror.copies(context.home.registry, context.home.config)
    digests = {name: there.digest or originals[name].digest for name, there in present.items()}
    return {name: there.with_tag(there.tag, digests[name]) for name, there in present.items()}


def bring_copies(origin: DeliveryContext, context: DeliveryContext) -> dict[str, ImageRef]:
    """The copies of third-party images in the context's registry; those that it lacks from ``origin``'s."""
    present = mirror.copies(context.registry, context.config)
    originals = mirror.copies(origin.registry, origin.config)
    missing = {name: there for name, there in present.items() if not there.digest and originals[name].digest}
    if missing and not context.dry:
        with context.steps("copy") as step:
            step.note = ", ".join(_copied(origin, context, originals, missing))
    return copies(context)


def _copied(
    origin: DeliveryContext,
    context: DeliveryContext,
    originals: Mapping[str, ImageRef],
    copies: Mapping[str, ImageRef],
) -> list[str]:
    """The names of those that were not there; they are copied side by side."""

    def bring_one(name: str) -> bool:
        return copy(HeldImage(origin.registry, originals[name]), context.registry, copies[name])

    new = side_by_side(bring_one, copies)
    return [name for name, is_new in zip(copies, new, strict=True) if is_new]


def _note(image: ImageRef, origin: DeliveryContext, copied: list[str]) -> str:
    if not copied:
        return f"unchanged: {image.tag} is there"
    return f"{', '.join(copied)} {image.tag} from {origin.config.destination.registry}"
