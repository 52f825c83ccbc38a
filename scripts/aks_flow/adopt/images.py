"""The images of a project: what it builds, what that is built from, and what runs beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from aks_flow.adopt.answers import BuiltImage, OtherImage
from aks_flow.adopt.pairing import last, maker, pair
from aks_flow.adopt.survey.dockerfiles import Dockerfile, read_one
from aks_flow.adopt.survey.mentions import ImageMention, images_of_objects
from aks_flow.adopt.survey.survey import Survey
from aks_flow.adopt.survey.tree import WorkTree, is_within
from aks_flow.core.config.render import HELM, KUSTOMIZE, PLAIN
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageError, ImageRef
from aks_flow.gitflow.tree_archive import is_ignored

# Debian packages that can stand in where an image cannot be pulled.
_PACKAGES = {
    "debian": ("base-files",),
    "node": ("nodejs", "npm", "ca-certificates"),
    "python": ("python3", "python3-venv", "python3-pip", "ca-certificates"),
    "redis": ("redis-server", "redis-tools"),
    "postgres": ("postgresql-15",),
}


@dataclass(frozen=True)
class ProjectImages:
    built: tuple[BuiltImage, ...]
    others: tuple[OtherImage, ...]


def decide_images(survey: Survey, project: str, given: dict[str, str]) -> ProjectImages:
    """given: by an image's name, the Dockerfile or the folder that it is built from.

    AksFlowError if it is not clear what is built from what.
    """
    mentions = {mention.image.with_tag(""): mention for mention in survey.mentions}
    chosen = {name: _dockerfile(survey, path) for name, path in given.items()}
    paired = pair(mentions, survey.dockerfiles, project, chosen)
    _check_bases(survey.dockerfiles, list(paired.built.values()), project)
    unpinned = [mentions[image] for image in paired.others if not mentions[image].image.digest]
    running = [_other(mention, survey.layout.kind == HELM) for mention in unpinned]
    bases = _bases(paired.built.values(), [image.name for image in running])
    built = tuple(
        BuiltImage(
            _name(image, survey.layout.kind),
            image.name,
            dockerfile,
            {argument: bases[source].name for argument, source in dockerfile.bases.items()},
            mentions[image].key,
        )
        for image, dockerfile in paired.built.items()
    )
    _check_names(built)
    _check_tags(survey, {*paired.built, *(mention.image.with_tag("") for mention in unpinned)})
    return ProjectImages(built, (*bases.values(), *running))


def _name(image: ImageRef, kind: str) -> str:
    """In the registry. Plain manifests are found by it; kustomize and Helm can call an image otherwise."""
    return last(image) if image.registry and kind != PLAIN else image.repository


def _dockerfile(survey: Survey, path: str) -> Dockerfile:
    """Of its path, or of its folder."""
    tree, plain = survey.tree, str(PurePosixPath(path))
    for submodule in tree.submodules:
        if is_within(plain, submodule):
            step = "A build is given this repository's files: build it where its files are."
            raise AksFlowError(f"{path} is in a submodule", where="--image", next_step=step)
    files = [plain, f"{plain}/Dockerfile".removeprefix("./")]
    present = next((name for name in files if name in tree.files), None)
    if present is None:
        paths = ", ".join(dockerfile.path for dockerfile in survey.dockerfiles) or "none"
        step = f"The repository has {paths}."
        raise AksFlowError(f"there is no Dockerfile {path}", where="--image", next_step=step)
    return read_one(tree, present)


def _other(mention: ImageMention, is_helm: bool) -> OtherImage:
    image = mention.image
    name = last(image) if is_helm or ":" in image.registry else image.name
    source = str(image if image.tag or image.digest else image.with_tag("latest"))
    return OtherImage(name, source, _PACKAGES.get(last(image), ()), str(image), mention.key)


def _bases(dockerfiles: Iterable[Dockerfile], taken: list[str]) -> dict[str, OtherImage]:
    """The images that builds are given, by their source; each with a name of its own."""
    sources = sorted({source for dockerfile in dockerfiles for source in dockerfile.bases.values()})
    result: dict[str, OtherImage] = {}
    for source in sources:
        result[source] = _base(source, [*taken, *(other.name for other in result.values())])
    return result


def base_image(source: str, others: Iterable[OtherImage]) -> OtherImage:
    """That of others that has the source, or a new one beside them."""
    there = {image.source: image for image in others}
    return there.get(source) or _base(source, [image.name for image in there.values()])


def _base(source: str, taken: list[str]) -> OtherImage:
    image = _parsed(source)
    name = next(name for name in _base_names(image) if name not in taken)
    return OtherImage(name, source, _PACKAGES.get(last(image), ()))


def _base_names(image: ImageRef) -> Iterable[str]:
    yield last(image)
    tag = "".join(letter if letter.isalnum() else "-" for letter in image.tag.lower()).strip("-")
    yield f"{last(image)}-{tag}"
    yield from (f"{last(image)}-base-{number}" for number in range(1, 1000))


def _parsed(source: str) -> ImageRef:
    try:
        return ImageRef.parse(source)
    except ImageError as error:
        what = f"a build argument's default is {source!r}, which is no image"
        raise AksFlowError(what, where="a Dockerfile", next_step="Correct it.") from error


def _check_bases(dockerfiles: list[Dockerfile], built: list[Dockerfile], project: str) -> None:
    """AksFlowError if one begins at what another Dockerfile here makes: no build is given that."""
    paths = {file.path for file in built}
    others = [file for file in dockerfiles if file.path not in paths]
    for file in built:
        for source in (*file.bases.values(), *file.fixed):
            if own := maker(_parsed(source), others, project):
                what = f"it begins at {source}, which {own.path} seems to make, and no registry has"
                step = "Make it a stage of one Dockerfile (`FROM base AS worker`), or name its registry."
                raise AksFlowError(what, where=file.path, next_step=step)


def _check_names(built: tuple[BuiltImage, ...]) -> None:
    names = [image.name for image in built]
    for image in built:
        if names.count(image.name) > 1:
            others = " and ".join(other.mention for other in built if other.name == image.name)
            step = "Let the manifests call them by names that differ behind the registry."
            raise AksFlowError(
                f"{others} would be one image, {image.name}", where="the manifests", next_step=step
            )


def _check_tags(survey: Survey, images: set[ImageRef]) -> None:
    """AksFlowError if an environment runs one of them by several tags: a delivery gives it one version."""
    common = [survey.common] if survey.layout.kind == KUSTOMIZE else []  # of others that is all environments'
    for objects in (*common, *survey.objects.values()):
        mentioned = [mention.image for mention in images_of_objects(objects)]
        for image in sorted(images, key=str):
            tags = sorted({other.tag for other in mentioned if other.name == image.name and not other.digest})
            if len(tags) > 1:
                listed = ", ".join(tags[:3]) + (f" and {len(tags) - 3} more" if len(tags) > 3 else "")
                what = f"{image.name} runs by the tags {listed}, and a delivery gives it one version"
                step = "Give each image a name of its own behind the registry, or all of them the same tag."
                raise AksFlowError(what, where="the manifests", next_step=step)


def elsewhere(tree: WorkTree, built: tuple[BuiltImage, ...]) -> list[tuple[str, str]]:
    """What builds would be given of submodules and Git LFS, which git has not: (.dockerignore, path)."""
    contexts = dict.fromkeys(image.dockerfile.context for image in built)
    return [given for context in contexts for given in _not_in_git(tree, context)]


def _not_in_git(tree: WorkTree, context: str) -> Iterator[tuple[str, str]]:
    file = str(PurePosixPath(context, ".dockerignore"))
    ignored = tree.text(file) if file in tree.files else ""
    for path in (*tree.submodules, *tree.lfs):
        inside = str(PurePosixPath(path).relative_to(context)) if is_within(path, context) else ""
        if inside and not is_ignored(inside, ignored):
            yield file, inside
