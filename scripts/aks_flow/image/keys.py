"""The tag that stands for all that goes into an image: while it stays the same, nothing is built."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.gitflow.source import Source
from aks_flow.image import names
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient
from aks_flow.tools.git import objects

Bases = Mapping[str, ImageRef]


def tree_key(context: DeliveryContext, source: Source, name: str) -> str:
    """As `tree_keys`, of one image."""
    bases = read_bases(context.registry, context.config, (name,))
    return tree_keys(context.run, context.config, source, bases, (name,))[name]


def read_bases(registry: RegistryClient, config: Config, images: Iterable[str]) -> Bases:
    """What builds of these images are given as bases, by the names in ``images`` of invoke.yaml.

    The copy of a pinned image is called by its pin. Of any other one the registry is asked for the copy's
    digest; where it lacks the copy, there is none.
    """
    used = {base for image in images for base in config.app.base_images(image, config.images).values()}
    copies = {base: names.copy_of(config, config.images[base].source) for base in sorted(used)}
    moving = {base: copy for base, copy in copies.items() if not config.images[base].source.digest}
    return copies | names.known(registry, moving)


def unknown(config: Config, bases: Bases) -> list[str]:
    """The bases that count by their name alone: nobody has pinned them, and there is no copy to ask for."""
    return [name for name, base in bases.items() if not (config.images[name].source.digest or base.digest)]


def tree_keys(
    run: Runner, config: Config, source: Source, bases: Bases, images: Iterable[str]
) -> dict[str, str]:
    """The tags that stand for what images are built from, by name.

    A key is ``tree-`` and the start of a hash: of the build context's git tree, or of that, its bases and all
    else that invoke.yaml says of the build. AksFlowError if the source has no such folder.
    """
    built = {name: config.app.built_images[name] for name in images}
    folders = [image.folder for image in built.values()]
    trees = objects.parse_trees(run.run(objects.kinds(source.repo, folders, source.tree)).text)
    hashes = dict(zip(built, trees, strict=True))
    for name, tree in hashes.items():
        if not tree:
            raise _no_context(config, source, name)
    return {name: f"tree-{_hash(config, name, tree, bases)[:20]}" for name, tree in hashes.items()}


def _no_context(config: Config, source: Source, name: str) -> AksFlowError:
    image, key = config.app.built_images[name], "app" if config.app.context else f"app.images.{name}"
    step = f"Commit {image.file}, or correct {key}.context in invoke.yaml."
    return AksFlowError(f"there is no folder {image.context!r}", where=str(source.repo), next_step=step)


def _hash(config: Config, name: str, tree: str, bases: Bases) -> str:
    """The tree's own where nothing else goes in; else of Dockerfile, stage, bases and platforms too."""
    image, arguments = config.app.built_images[name], config.app.base_images(name, config.images)
    if image.is_plain and not (config.app.platforms or arguments):
        return tree
    given = {argument: _said(config, base, bases) for argument, base in sorted(arguments.items())}
    platforms = [sorted(config.app.platforms)] if config.app.platforms else []
    recipe = json.dumps([tree, image.dockerfile, image.target, given, *platforms])
    return hashlib.sha256(recipe.encode()).hexdigest()


def _said(config: Config, name: str, bases: Bases) -> str:
    """The base by its origin, with its pin or the copy's digest: the same whatever the registry is called."""
    source = config.images[name].source
    return str(source if source.digest else source.with_tag(source.tag, bases[name].digest))
