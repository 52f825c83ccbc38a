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
from aks_flow.image import names
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient
from aks_flow.tools import docker
from aks_flow.tools.git import log, objects, remotes


@dataclass(frozen=True)
class Built:
    """An image that the registry holds: version and digest, its tree key, and whether it was built now."""

    image: ImageRef
    key: str
    new: bool


def ensure(context: DeliveryContext, source: Source) -> Built:
    """Build and push the image unless the registry holds its key; then make the version name its digest."""
    with context.steps("image") as step:
        built = find(context, source)
        step.note = f"{source.version}, {'already in the registry' if built else 'to be built'}"
    built = built or _publish(context, source)
    _tag_version(context.registry, built.image)
    return built


def find(context: DeliveryContext, source: Source) -> Built | None:
    """The image of this tree if the registry holds it (under any version), else None. Changes nothing."""
    key = names.tree_key(context.run, context.config, source)
    image = names.app_repository(context.config).with_tag(key)
    digest = context.registry.digest(image)
    return Built(image.with_tag(str(source.version), digest), key, new=False) if digest else None


def planned(context: DeliveryContext, source: Source) -> ImageRef:
    """The reference that this tree's image has or would get; without a digest if it must be built first."""
    built = find(context, source)
    return built.image if built else names.app_repository(context.config).with_tag(str(source.version))


def build(context: DeliveryContext, source: Source) -> ImageRef:
    """Build the image under its tree key: into the engine, or in the registry where the context says so."""
    run, config = context.run, context.config
    image = names.app_repository(config).with_tag(names.tree_key(run, config, source))
    with context.steps("build") as step:
        step.note = image.tag
        files = run.run(objects.archive(source.repo, f"{source.tree}:{config.app.context}")).stdout
        try:
            (context.build_image or _in_engine)(run, image, files, arguments(run, config, source))
        except CommandFailed as error:
            raise _build_failure(error, config) from error
    return image


def arguments(run: Runner, config: Config, source: Source) -> dict[str, str]:
    """The Dockerfile's build arguments: the base image's copy and what the OCI labels say."""
    return {
        "PYTHON_IMAGE": str(names.copy_of(config, config.images["python"].source)),
        "VERSION": str(source.version),
        "REVISION": source.commit,
        "SOURCE": remotes.parse_url(run.run(remotes.origin(source.repo)).text),
        "CREATED": run.run(log.commit_time(source.repo)).text.strip(),
    }


def _in_engine(run: Runner, image: ImageRef, files: bytes, build_arguments: Mapping[str, str]) -> None:
    run.run(docker.build(image, files, build_arguments))


def _build_failure(error: CommandFailed, config: Config) -> AksFlowError:
    """The failed build with the next step that its last words suggest."""
    step = f"Correct {config.app.context}/Dockerfile or what it installs; nothing was published."
    if "no space left on device" in str(error).lower():
        step = "The engine's disk is full: `docker system df` shows what takes it; nothing was published."
    return AksFlowError(f"{error.what}\n", next_step=step)


def _publish(context: DeliveryContext, source: Source) -> Built:
    image = build(context, source)
    with context.steps("publish") as step:
        if not context.build_image:
            context.run.run(docker.push(image))
        digest = context.registry.digest(image)
        if not digest:
            raise _not_held(image)
        step.note = digest[:19]
    return Built(image.with_tag(str(source.version), digest), image.tag, new=True)


def _not_held(image: ImageRef) -> AksFlowError:
    step = "Run the same command again; if it stays so, the registry's log says what became of the push."
    return AksFlowError(
        "the registry does not hold the image that was pushed", where=str(image), next_step=step
    )


def _tag_version(registry: RegistryClient, image: ImageRef) -> None:
    """Make the version's tag name the image; AksFlowError if a released version names another one."""
    present = registry.digest(ImageRef(image.registry, image.repository, image.tag))
    if present == image.digest:
        return
    if present and "-" not in image.tag:
        step = "A released version never changes: release the next one."
        raise AksFlowError(
            "the registry has another image under this version", where=str(image), next_step=step
        )
    registry.tag(image, image.tag)
