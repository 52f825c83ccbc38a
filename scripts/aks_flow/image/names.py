"""The names that images have in the target's registry: repository, tree key, version, copy."""

import hashlib
import json

from aks_flow.core.config import Config
from aks_flow.core.config.app import AppImage
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.gitflow.source import Source
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


def published(registry: RegistryClient, config: Config, version: str) -> ImageRef:
    """The app's images under a version, with the registry's digests; AksFlowError if one is not there."""
    images = {name: repository(config, name).with_tag(version) for name in config.app.built_images}
    held = {name: image.with_tag(version, registry.digest(image) or "") for name, image in images.items()}
    for image in held.values():
        if not image.digest:
            step = "Publish it with `./inv image.push`, or choose a version that is there."
            raise AksFlowError(f"the registry has no version {version}", where=image.name, next_step=step)
    return with_others(held.pop(config.app.own_image), held)
