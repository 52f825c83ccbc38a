"""An app's tree -> its image in the registry, or the proof that it is already there.

The image is keyed by the git tree of its build context: while that tree is the same, nothing is built
and a new version is one more tag on the same digest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.gitflow.source import Source
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import Registry
from aks_flow.tools import docker
from aks_flow.tools.git import worktree


@dataclass(frozen=True)
class Built:
    """An image that the registry holds: version and digest, its key, and whether it was built now."""

    image: ImageRef
    key: str
    new: bool


def repository(config: Config, name: str) -> ImageRef:
    """``registry/path/name`` at the chosen target, without tag."""
    host, _, path = config.destination.registry.partition("/")
    return ImageRef(host, f"{path}/{name}" if path else name)


def key(run: Runner, config: Config, source: Source) -> str:
    """The tag that stands for the build context's content: ``tree-`` and the start of its git tree's hash."""
    try:
        tree = run.run(worktree.tree(source.repo, config.app.context, source.tree)).text.strip()
    except CommandFailed as error:
        step = f"Commit a Dockerfile to {config.app.context}/, or set app.context in invoke.yaml."
        raise AksFlowError(
            f"there is no folder {config.app.context!r}", where=str(source.repo), next_step=step
        ) from error
    return f"tree-{tree[:20]}"


def planned(context: DeliveryContext, source: Source) -> ImageRef:
    """The reference that this tree's image has or would get; without a digest if it must be built first."""
    built = find(context, source)
    return (
        built.image
        if built
        else repository(context.config, context.config.app.name).with_tag(str(source.version))
    )


def find(context: DeliveryContext, source: Source) -> Built | None:
    """The image of this tree if the registry holds it (under any version), else None. Changes nothing."""
    tag = key(context.run, context.config, source)
    image = repository(context.config, context.config.app.name).with_tag(tag)
    digest = context.registry.digest(image)
    return Built(image.with_tag(str(source.version), digest), tag, new=False) if digest else None


def ensure(context: DeliveryContext, source: Source) -> Built:
    """Build and push the image unless the registry holds its key; then make the version name its digest."""
    with context.steps("image") as step:
        built = find(context, source)
        step.note = f"{source.version}, {'already in the registry' if built else 'to be built'}"
    built = built or _publish(context, source)
    _tag_version(context.registry, built.image)
    return built


def make(context: DeliveryContext, source: Source) -> ImageRef:
    """Build the image under its key: into the engine, or where the delivery builds."""
    run, config = context.run, context.config
    image = repository(config, config.app.name).with_tag(key(run, config, source))
    with context.steps("build") as step:
        step.note = image.tag
        files = run.run(worktree.archive(source.repo, f"{source.tree}:{config.app.context}")).stdout
        try:
            (context.build or _in_engine)(run, image, files, arguments(run, config, source))
        except CommandFailed as error:
            raise _unbuilt(error, config) from error
    return image


def _in_engine(run: Runner, image: ImageRef, files: bytes, given: Mapping[str, str]) -> None:
    run.run(docker.build(image, files, given))


def _unbuilt(error: CommandFailed, config: Config) -> AksFlowError:
    """The failed build with the next step that its last words suggest."""
    step = f"Correct {config.app.context}/Dockerfile or what it installs; nothing was published."
    if "no space left on device" in str(error).lower():
        step = "The engine's disk is full: `docker system df` shows what takes it; nothing was published."
    return AksFlowError(f"{error.what}\n", next_step=step)


def _publish(context: DeliveryContext, source: Source) -> Built:
    image = make(context, source)
    with context.steps("publish") as step:
        if not context.build:
            context.run.run(docker.push(image))
        digest = context.registry.digest(image)
        if not digest:
            raise _lost(image)
        step.note = digest[:19]
    return Built(image.with_tag(str(source.version), digest), image.tag, new=True)


def _lost(image: ImageRef) -> AksFlowError:
    step = "Run the same command again; if it stays so, the registry's log says what became of the push."
    return AksFlowError(
        "the registry does not hold the image that was pushed", where=str(image), next_step=step
    )


def published(registry: Registry, config: Config, version: str) -> ImageRef:
    """The image that the registry holds under a version; AksFlowError if there is none."""
    image = repository(config, config.app.name).with_tag(version)
    digest = registry.digest(image)
    if not digest:
        step = "Publish it with `./inv image.push`, or choose a version that is there."
        raise AksFlowError(f"the registry has no version {version}", where=image.name, next_step=step)
    return image.with_tag(version, digest)


def arguments(run: Runner, config: Config, source: Source) -> dict[str, str]:
    """The Dockerfile's build arguments: the base image's copy and what the OCI labels say."""
    return {
        "PYTHON_IMAGE": str(copy_of(config, config.images["python"].source)),
        "VERSION": str(source.version),
        "REVISION": source.commit,
        "SOURCE": worktree.parse_url(run.run(worktree.origin(source.repo)).text),
        "CREATED": run.run(worktree.commit_time(source.repo)).text.strip(),
    }


def copy_of(config: Config, original: ImageRef) -> ImageRef:
    """Where the target's registry has its copy of a third-party image."""
    return repository(config, original.repository.rpartition("/")[2]).with_tag(original.tag or "latest")


def _tag_version(registry: Registry, image: ImageRef) -> None:
    present = registry.digest(ImageRef(image.registry, image.repository, image.tag))
    if present == image.digest:
        return
    if present and "-" not in image.tag:
        step = "A released version never changes: release the next one."
        raise AksFlowError(
            "the registry has another image under this version", where=str(image), next_step=step
        )
    registry.tag(image, image.tag)


def mirror(context: DeliveryContext) -> dict[str, ImageRef]:
    """Every third-party image's copy in the target's registry, by name, with its digest; copied if absent."""
    found = copies(context.registry, context.config)
    missing = [name for name, copy in found.items() if not copy.digest]
    for name in missing:
        original = context.config.images[name].source
        for command in context.bring(original, found[name]):
            context.run.run(command)
    return copies(context.registry, context.config) if missing else found


def copies(registry: Registry, config: Config) -> dict[str, ImageRef]:
    """The same, without copying: a copy that the registry does not hold has no digest."""
    wanted = {name: copy_of(config, image.source) for name, image in config.images.items()}
    return {name: copy.with_tag(copy.tag, registry.digest(copy) or "") for name, copy in wanted.items()}
