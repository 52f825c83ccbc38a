"""An app's tree -> its images in the registry, or the proof that they are already there.

Each image is keyed by the git tree of its build context and by what it is built upon: while both are the
same, nothing is built and a new version is one more tag on the same digest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.core.side_by_side import side_by_side
from aks_flow.gitflow.source import Source
from aks_flow.image import buildkit, keys, names
from aks_flow.image.build_all import build_all, noted, push_all
from aks_flow.image.keys import Bases, read_bases
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.image_copy import HeldImage, is_whole
from aks_flow.target.registry import RegistryClient


@dataclass(frozen=True)
class Built:
    """An image that the registry holds: version and digest, its tree key, and whether it was built now.

    new_version: whether the registry had no such version before.
    others: the app's other images, by name, if this is its own one.
    """

    image: ImageRef
    key: str
    new: bool
    others: Mapping[str, "Built"] = field(default_factory=dict)
    new_version: bool = False

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
        survey = _survey(context, source)
        step.note = f"{source.version}, {_intent(context.config, survey)}"
    built = survey.held | (_publish(context, source, survey) if survey.missing else {})
    new_version = _tag_version(context.registry, context.config.app.own_image, built)
    return replace(_joined(context.config, built), new_version=new_version)


def find(context: DeliveryContext, source: Source, name: str) -> Built | None:
    """The image of this name if the registry holds its key, under any version; else None."""
    return _survey(context, source, (name,)).held.get(name)


def planned(context: DeliveryContext, source: Source) -> ImageRef:
    """What this tree's images are or would be called; without a digest where one must be built first."""
    survey = _survey(context, source)
    images = {name: image.with_tag(str(source.version)) for name, image in survey.wanted.items()}
    images |= {name: built.image for name, built in survey.held.items()}
    return with_others(images.pop(context.config.app.own_image), images)


def build(context: DeliveryContext, source: Source) -> Built:
    """Build what the registry lacks, under its key; no version names it yet.

    Into the engine, or in the registry where the context says so.
    """
    survey = _survey(context, source)
    if survey.missing:
        build_all(context, source, survey.missing, survey.bases)
    made = {name: Built(image, image.tag, new=True) for name, image in survey.missing.items()}
    return _joined(context.config, survey.held | made)


@dataclass(frozen=True)
class _Survey:
    """wanted: the images under their keys, by name. held: those that the registry has. bases: of all."""

    wanted: Mapping[str, ImageRef]
    held: dict[str, Built]
    bases: Bases

    @property
    def missing(self) -> dict[str, ImageRef]:
        return {name: image for name, image in self.wanted.items() if name not in self.held}


def _survey(context: DeliveryContext, source: Source, only: Iterable[str] = ()) -> _Survey:
    """What a tree's images are called, and which are there: one question to git, all to the registry at once.

    Once before that, too, if a base is not pinned. only: these; by default all that the app has.
    """
    config, version = context.config, str(source.version)
    asked = tuple(only or config.app.built_images)
    bases = read_bases(context.registry, config, asked)
    tags = keys.tree_keys(context.run, config, source, bases, asked)
    wanted = {name: names.repository(config, name).with_tag(tag) for name, tag in tags.items()}
    known = names.known(context.registry, wanted)
    held = {
        name: Built(image.with_tag(version, image.digest), image.tag, new=False)
        for name, image in known.items()
        if image.digest and is_whole(HeldImage(context.registry, image))
    }
    return _Survey(wanted, held, bases)


def _joined(config: Config, built: Mapping[str, Built]) -> Built:
    own = built[config.app.own_image]
    others = {name: built[name] for name in config.app.built_images if built[name] is not own}
    return Built(own.image, own.key, own.new, others)


def _intent(config: Config, survey: _Survey) -> str:
    missing, unknown = survey.missing, keys.unknown(config, survey.bases)
    if not missing:
        return "already in the registry"
    named = f": {', '.join(missing)}" if len(config.app.built_images) > 1 else ""
    reason = f"; the registry has no copy of {', '.join(unknown)}, so its name counts" if unknown else ""
    return f"to be built{named}{reason}"


def _publish(context: DeliveryContext, source: Source, survey: _Survey) -> dict[str, Built]:
    context, images = buildkit.publishing(context), survey.missing
    build_all(context, source, images, survey.bases)
    with context.steps("publish") as step:
        if not context.build_image:
            push_all(context.run, images.values())
        known = names.known(context.registry, images)
        for image in known.values():
            if not image.digest:
                raise _not_held(image)
        step.note = noted({name: image.digest[:19] for name, image in known.items()})
    version = str(source.version)
    return {
        name: Built(image.with_tag(version, image.digest), image.tag, new=True)
        for name, image in known.items()
    }


def _not_held(image: ImageRef) -> AksFlowError:
    step = "Run the same command again; if it stays so, the registry's log says what became of the push."
    what = "the registry does not hold the image that was pushed"
    return AksFlowError(what, where=str(image), next_step=step)


def _tag_version(registry: RegistryClient, own: str, built: Mapping[str, Built]) -> bool:
    """Make the version's tags name the images; AksFlowError, and no tag, if a release names another one.

    True if the own image's was not there.
    The own image last: whoever sees its version finds those of the others.
    """
    images = {name: made.image for name, made in built.items()}
    untagged = side_by_side(partial(_is_untagged, registry), images.values())
    new = {name: image for (name, image), is_new in zip(images.items(), untagged, strict=True) if is_new}
    last = [new.pop(own)] if own in new else []
    for group in (new.values(), last):
        side_by_side(lambda image: registry.tag(image, image.tag), group)
    return bool(last)


def _is_untagged(registry: RegistryClient, image: ImageRef) -> bool:
    present = registry.digest(ImageRef(image.registry, image.repository, image.tag))
    if present and present != image.digest and "-" not in image.tag:
        step = "A released version never changes: release the next one."
        what = "the registry has another image under this version"
        raise AksFlowError(what, where=str(image), next_step=step)
    return present != image.digest
