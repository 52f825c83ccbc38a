"""Building and pushing images, several at a time."""

from collections.abc import Iterable, Mapping
from functools import partial

from aks_flow.core.config import Config
from aks_flow.core.config.app import AppImage
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import LAST_LINES, CommandFailed, Runner
from aks_flow.core.side_by_side import side_by_side
from aks_flow.gitflow.source import Source
from aks_flow.gitflow.tree_archive import tree_archive
from aks_flow.image.keys import Bases
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import docker
from aks_flow.tools.docker import ImageBuild
from aks_flow.tools.git import objects, remotes

_PARENT_GONE = "unknown parent image ID"
_AT_ONCE = 6  # builds and pushes: they keep a machine busy


def build_all(context: DeliveryContext, source: Source, images: Mapping[str, ImageRef], bases: Bases) -> None:
    """Build them side by side. bases: what they are built upon, as of `keys.read_bases`."""
    stamps = _stamps(context.run, source)
    with context.steps("build") as step:
        step.note = noted({name: image.tag for name, image in images.items()})
        side_by_side(partial(_build_one, context, source, bases, stamps), images.items(), _AT_ONCE)


def push_all(run: Runner, images: Iterable[ImageRef]) -> None:
    """Push them from the engine, side by side."""
    side_by_side(lambda image: run.run(docker.push(image)), images, _AT_ONCE)


def noted(facts: Mapping[str, str]) -> str:
    """A fact of each image for a step's note; of one alone without its name."""
    return ", ".join(f"{name} {fact}" if len(facts) > 1 else fact for name, fact in facts.items())


def _build_one(
    context: DeliveryContext,
    source: Source,
    bases: Bases,
    stamps: Mapping[str, str],
    named: tuple[str, ImageRef],
) -> None:
    """named: the image's name, and what the result is called."""
    (name, image), run = named, context.run
    how = context.config.app.built_images[name]
    files = tree_archive(run, source.repo, f"{source.tree}:{how.folder}")
    arguments = {**base_image_arguments(context.config, name, bases), **stamps}
    try:
        asked = ImageBuild(image, files, arguments, how.dockerfile, how.target)
        (context.build_image or _in_engine)(run, asked)
    except CommandFailed as error:
        raise _build_failure(error, how) from error


def base_image_arguments(config: Config, name: str, bases: Bases) -> dict[str, str]:
    """The build arguments that are given a copy of a third-party image."""
    used = config.app.base_images(name, config.images)
    return {argument: str(bases[base]) for argument, base in used.items()}


def _stamps(run: Runner, source: Source) -> dict[str, str]:
    """The build arguments that every image is given: what the OCI labels say."""
    return {
        "VERSION": str(source.version),
        "REVISION": source.commit,
        "SOURCE": remotes.parse_url(run.run(remotes.origin(source.repo)).text),
        "CREATED": run.run(objects.commit_time(source.repo)).text.strip(),
    }


def _in_engine(run: Runner, asked: ImageBuild) -> None:
    """Once more if somebody removed an image meanwhile whose layers this build had taken for its own."""
    build = docker.build(asked)
    try:
        run.run(build)
    except CommandFailed as error:
        if _PARENT_GONE not in error.result.error_text:
            raise
        run.run(build)


def _build_failure(error: CommandFailed, image: AppImage) -> AksFlowError:
    """The failed build with the next step that its last words suggest."""
    # The legacy builder prints what a RUN said to its standard output, in red.
    words = error.result.text.replace("\x1b[91m", "").replace("\x1b[0m", "").splitlines()[-LAST_LINES:]
    what = "\n    ".join((error.what, *words))
    step = f"Correct {image.file} or what it installs"
    if "no space left on device" in str(error).lower():
        step = "The engine's disk is full: `docker system df` shows what takes it"
    elif "failed to resolve source metadata" in what or " : FROM " in "".join(words[-1:]):  # the legacy one's
        step = f"See to it that the builder can pull what {image.file} begins with, or give it by an argument"
    return AksFlowError(f"{what}\n", next_step=f"{step}; nothing was published.")
