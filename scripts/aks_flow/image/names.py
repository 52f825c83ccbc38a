"""The names that images have in the target's registry: repository, tree key, version, copy."""

from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
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
    return repository(config, config.app.name)


def tree_key(run: Runner, config: Config, source: Source) -> str:
    """The tag that stands for the build context's content: ``tree-`` and the start of its git tree's hash.

    AksFlowError if the source has no such folder.
    """
    try:
        tree = run.run(objects.tree(source.repo, config.app.context, source.tree)).text.strip()
    except CommandFailed as error:
        step = f"Commit a Dockerfile to {config.app.context}/, or set app.context in invoke.yaml."
        raise AksFlowError(
            f"there is no folder {config.app.context!r}", where=str(source.repo), next_step=step
        ) from error
    return f"tree-{tree[:20]}"


def copy_of(config: Config, original: ImageRef) -> ImageRef:
    """Where the target's registry has its copy of a third-party image."""
    return repository(config, original.repository.rpartition("/")[2]).with_tag(original.tag or "latest")


def published(registry: RegistryClient, config: Config, version: str) -> ImageRef:
    """The app's image under a version, with the registry's digest; AksFlowError if there is none."""
    image = app_repository(config).with_tag(version)
    digest = registry.digest(image)
    if not digest:
        step = "Publish it with `./inv image.push`, or choose a version that is there."
        raise AksFlowError(f"the registry has no version {version}", where=image.name, next_step=step)
    return image.with_tag(version, digest)
