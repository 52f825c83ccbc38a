"""The names that images have in the target's registry: repository, tree key, version, copy."""

import hashlib
import json

from aks_flow.core.config import Config
from aks_flow.core.config.app import AppImage
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.core.runner import CommandFailed, Runner
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
    """The tag that stands for what an image, by default the app's own, is built from.

    It is ``tree-`` and the start of a hash: of the build context's git tree, or of that and all else that
    invoke.yaml says of the build. AksFlowError if the source has no such folder.
    """
    image = config.app.built_images[name or config.app.own_image]
    try:
        tree = run.run(objects.tree(source.repo, image.folder, source.tree)).text.strip()
    except CommandFailed as error:
        key = "app" if config.app.context else f"app.images.{name or config.app.own_image}"
        step = f"Commit {image.file}, or correct {key}.context in invoke.yaml."
        raise AksFlowError(
            f"there is no folder {image.context!r}", where=str(source.repo), next_step=step
        ) from error
    return f"tree-{(tree if image.is_plain else _recipe_hash(config, image, tree))[:20]}"


def _recipe_hash(config: Config, image: AppImage, tree: str) -> str:
    """Of the context's tree, the Dockerfile's path, the stage, and what the build arguments are given."""
    bases = {argument: str(config.images[base].source) for argument, base in sorted(image.args.items())}
    recipe = json.dumps([tree, image.dockerfile, image.target, bases])
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
    return {name: image.with_tag(version, registry.digest(image) or "") for name, image in images.items()}
