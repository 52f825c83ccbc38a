"""An app's tree -> its images in the registry, or the proof that they are already there.

Each image is keyed by the git tree of its build context: while that tree is the same, nothing is built and a
new version is one more tag on the same digest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.gitflow.source import Source
from aks_flow.image import names
from aks_flow.image.side_by_side import build_all, noted, push_all
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient


@dataclass(frozen=True)
class Built:
    """An image that the registry holds: version and digest, its tree key, and whether it was built now.

    others: the app's other images, by name, if this is its own one.
    """

    image: ImageRef
    key: str
    new: bool
    others: Mapping[str, "Built"] = field(default_factory=dict)

    @property
    def images(self) -> ImageRef:
        """All of them as one value."""
        return with_others(self.image, {name: other.image for name, other in self.others.items()})

    @property
    def any_new(self) -> bool:
        return self.new or any(other.new for other in self.others.values())


def ensure(context: DeliveryContext, source: Source) -> Built:
    """Build and push the images whose keys the registry lacks; then make the version name all of them."""
    with context.steps("image") as step:
        wanted = _wanted(context, source)
        held = _held(context, source, wanted)
        missing = {name: image for name, image in wanted.items() if name not in held}
        step.note = f"{source.version}, {_intent(context.config, missing)}"
    built = held | (_publish(context, source, missing) if missing else {})
    # The own image last: whoever sees its version finds those of the others.
    _tag_version(context.registry, [built[name].image for name in reversed(wanted)])
    return _joined(context.config, built)


def find(context: DeliveryContext, source: Source, name: str) -> Built | None:
    """The image of this name if the registry holds its key, under any version; else None."""
    key = names.tree_key(context.run, context.config, source, name)
    return _held(context, source, {name: names.repository(context.config, name).with_tag(key)}).get(name)


def planned(context: DeliveryContext, source: Source) -> ImageRef:
    """What this tree's images are or would be called; without a digest where one must be built first."""
    wanted = _wanted(context, source)
    to_build = {name: image.with_tag(str(source.version)) for name, image in wanted.items()}
    held = {name: built.image for name, built in _held(context, source, wanted).items()}
    images = to_build | held
    return with_others(images.pop(context.config.app.own_image), images)


def build(context: DeliveryContext, source: Source) -> Built:
    """Build what the registry lacks, under its key; no version names it yet.

    Into the engine, or in the registry where the context says so.
    """
    wanted = _wanted(context, source)
    held = _held(context, source, wanted)
    missing = {name: image for name, image in wanted.items() if name not in held}
    if missing:
        build_all(context, source, missing)
    made = {name: Built(image, image.tag, new=True) for name, image in missing.items()}
    return _joined(context.config, held | made)


def _wanted(context: DeliveryContext, source: Source) -> dict[str, ImageRef]:
    """The images under their keys, by name."""
    run, config = context.run, context.config
    keys = {name: names.tree_key(run, config, source, name) for name in config.app.built_images}
    return {name: names.repository(config, name).with_tag(key) for name, key in keys.items()}


def _held(context: DeliveryContext, source: Source, wanted: Mapping[str, ImageRef]) -> dict[str, Built]:
    """Those that the registry holds."""
    version = str(source.version)
    digests = {name: context.registry.digest(image) for name, image in wanted.items()}
    return {
        name: Built(image.with_tag(version, digests[name]), image.tag, new=False)
        for name, image in wanted.items()
        if digests[name]
    }


def _joined(config: Config, built: Mapping[str, Built]) -> Built:
    own = built[config.app.own_image]
    others = {name: built[name] for name in config.app.built_images if built[name] is not own}
    return Built(own.image, own.key, own.new, others)


def _intent(config: Config, missing: Iterable[str]) -> str:
    if not missing:
        return "already in the registry"
    return "to be built" + (f": {', '.join(missing)}" if len(config.app.built_images) > 1 else "")


def _publish(context: DeliveryContext, source: Source, images: Mapping[str, ImageRef]) -> dict[str, Built]:
    build_all(context, source, images)
    with context.steps("publish") as step:
        if not context.build_image:
            push_all(context.run, images.values())
        digests = {name: context.registry.digest(image) for name, image in images.items()}
        for name, image in images.items():
            if not digests[name]:
                raise _not_held(image)
        step.note = noted({name: digest[:19] for name, digest in digests.items()})
    version = str(source.version)
    return {
        name: Built(image.with_tag(version, digests[name]), image.tag, new=True)
        for name, image in images.items()
    }


def _not_held(image: ImageRef) -> AksFlowError:
    step = "Run the same command again; if it stays so, the registry's log says what became of the push."
    return AksFlowError(
        "the registry does not hold the image that was pushed", where=str(image), next_step=step
    )


def _tag_version(registry: RegistryClient, images: list[ImageRef]) -> None:
    """Make the version's tags name the images; AksFlowError, and no tag, if a release names another one."""
    for image in [image for image in images if _is_untagged(registry, image)]:
        registry.tag(image, image.tag)


def _is_untagged(registry: RegistryClient, image: ImageRef) -> bool:
    present = registry.digest(ImageRef(image.registry, image.repository, image.tag))
    if present and present != image.digest and "-" not in image.tag:
        step = "A released version never changes: release the next one."
        raise AksFlowError(
            "the registry has another image under this version", where=str(image), next_step=step
        )
    return present != image.digest
