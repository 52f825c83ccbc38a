"""The names that images have in the target's registry: repository, tree key, version, copy."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from aks_flow.core.config import Config
from aks_flow.core.config.app import AppImage
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.core.runner import Runner
from aks_flow.core.side_by_side import side_by_side
from aks_flow.gitflow.source import Source
from aks_flow.image import digests
from aks_flow.target.registry import RegistryClient
from aks_flow.tools.git import objects


def repository(config: Config, name: str) -> ImageRef:
    """``registry/path/name`` at the chosen target, without tag."""
    host, _, path = config.destination.registry.partition("/")
    return ImageRef(host, f"{path}/{name}" if path else name)


def app_repository(config: Config) -> ImageRef:
    """The repository of the app's own image, without tag."""
    return repository(config, config.app.own_image)


def tree_key(run: Runner, config: Config, source: Source, name: str = "") -> str:
    """As `tree_keys`, of one image, by default the app's own."""
    name = name or config.app.own_image
    return tree_keys(run, config, source, (name,))[name]


def tree_keys(run: Runner, config: Config, source: Source, names: Iterable[str]) -> dict[str, str]:
    """The tags that stand for what images are built from, by name.

    A key is ``tree-`` and the start of a hash: of the build context's git tree, or of that and all else that
    invoke.yaml says of the build. AksFlowError if the source has no such folder.
    """
    images = {name: config.app.built_images[name] for name in names}
    folders = [image.folder for image in images.values()]
    trees = objects.parse_trees(run.run(objects.kinds(source.repo, folders, source.tree)).text)
    hashes = dict(zip(images, trees, strict=True))
    for name, tree in hashes.items():
        if not tree:
            raise _no_context(config, source, name)
    return {name: f"tree-{_hash(config, images[name], tree)[:20]}" for name, tree in hashes.items()}


def _no_context(config: Config, source: Source, name: str) -> AksFlowError:
    image, key = config.app.built_images[name], "app" if config.app.context else f"app.images.{name}"
    step = f"Commit {image.file}, or correct {key}.context in invoke.yaml."
    return AksFlowError(f"there is no folder {image.context!r}", where=str(source.repo), next_step=step)


def _hash(config: Config, image: AppImage, tree: str) -> str:
    is_plain = image.is_plain and not config.app.platforms
    return tree if is_plain else _recipe_hash(config, image, tree)


def _recipe_hash(config: Config, image: AppImage, tree: str) -> str:
    """Of the context's tree, the Dockerfile's path, the stage, the arguments' images, and the platforms."""
    bases = {argument: str(config.images[base].source) for argument, base in sorted(image.args.items())}
    platforms = [sorted(config.app.platforms)] if config.app.platforms else []
    recipe = json.dumps([tree, image.dockerfile, image.target, bases, *platforms])
    return hashlib.sha256(recipe.encode()).hexdigest()


def copy_of(config: Config, original: ImageRef) -> ImageRef:
    """Where the target's registry has its copy of a third-party image."""
    return repository(config, original.repository.rpartition("/")[2]).with_tag(original.tag or "latest")


def published(registry: RegistryClient, config: Config, version: str, told: str = "") -> ImageRef:
    """The app's images under a version, with the registry's digests.

    told: the digests that the job which published them gave, as of `digests.read`; "" if nobody did.
    AksFlowError if one of the images is not there, or has another digest than was told.
    """
    expected = digests.read(told, config.app.own_image, config.app.built_images)
    images = held(registry, config, version)
    for name, image in images.items():
        if not image.digest:
            step = "Publish it with `./inv image.push`, or choose a version that is there."
            raise AksFlowError(f"the registry has no version {version}", where=image.name, next_step=step)
        if expected.get(name, image.digest) != image.digest:
            raise _moved(image, expected[name])
    return with_others(images.pop(config.app.own_image), images)


def _moved(image: ImageRef, expected: str) -> AksFlowError:
    what = f"the registry has version {image.tag} as {image.digest}, and {expected} was published"
    step = "Find out who moved the tag; publish the commit again before anything is delivered."
    return AksFlowError(what, where=image.name, next_step=step)


def held(registry: RegistryClient, config: Config, version: str) -> dict[str, ImageRef]:
    """The app's images under a version, by name: one that the registry lacks has no digest."""
    images = {name: repository(config, name).with_tag(version) for name in config.app.built_images}
    return known(registry, images)


def known(registry: RegistryClient, images: Mapping[str, ImageRef]) -> dict[str, ImageRef]:
    """Images with the digests that the registry has for their tags; one that it lacks has none."""
    digests = side_by_side(registry.digest, images.values())
    return {
        name: image.with_tag(image.tag, digest or "")
        for (name, image), digest in zip(images.items(), digests, strict=True)
    }
