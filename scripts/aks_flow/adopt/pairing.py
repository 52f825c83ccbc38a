"""Which images a repository builds: those that manifests mention, paired with its Dockerfiles."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from aks_flow.adopt.survey.dockerfiles import Dockerfile
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef

# Images that nobody builds under these names.
_KNOWN = frozenset(
    (
        *("alpine", "busybox", "caddy", "debian", "elasticsearch", "etcd", "golang", "grafana", "haproxy"),
        *("httpd", "kafka", "mariadb", "memcached", "minio", "mongo", "mongodb", "mysql", "nats", "nginx"),
        *("node", "opensearch", "openjdk", "php", "postgis", "postgres", "postgresql", "prometheus"),
        *("python", "rabbitmq", "redis", "ruby", "rust", "traefik", "ubuntu", "valkey", "vault", "zookeeper"),
    )
)
_PUBLIC = ("docker.io", "registry.k8s.io", "quay.io", "mcr.microsoft.com", "gcr.io", "public.ecr.aws")
_USUAL = ("Dockerfile", "Containerfile")
_ENDS = ("service", "svc", "image", "app")


@dataclass(frozen=True)
class Pairs:
    """built: the Dockerfile of each image that is built here. others: those that others publish."""

    built: dict[ImageRef, Dockerfile]
    others: tuple[ImageRef, ...]


def pair(
    images: Iterable[ImageRef], dockerfiles: list[Dockerfile], project: str, given: dict[str, Dockerfile]
) -> Pairs:
    """Images without their tags.

    given: what a person has said, by the image's name or the last part of it. AksFlowError if an image has
    more than one Dockerfile, if what was said is about no image, or if nothing is built.
    """
    named = {image.name: image for image in images}
    said = {_meant(list(named.values()), name): dockerfile for name, dockerfile in given.items()}
    built = dict(said)
    for image in named.values():
        if image not in built and (dockerfile := _choose(image, dockerfiles, project)):
            built[image] = dockerfile
    built |= _by_stage([image for image in named.values() if image not in built], dockerfiles)
    for more in (_alike, _left_over):
        rest = [image for image in named.values() if image not in built]
        built |= more(rest, [dockerfile for dockerfile in dockerfiles if dockerfile not in built.values()])
    if not built:
        raise _nothing(list(named.values()), dockerfiles)
    staged = {image: replace(file, target=_target(image, file)) for image, file in built.items()}
    return Pairs(staged, tuple(image for image in named.values() if image not in built))


def _meant(images: list[ImageRef], name: str) -> ImageRef:
    meant = [image for image in images if name in (image.name, image.repository, last(image))]
    if len(meant) != 1:
        mentioned = ", ".join(image.name for image in images) or "none"
        what = f"no image is called {name!r}" if not meant else f"{name!r} may be {_all(meant)}"
        step = f"The manifests mention {mentioned}."
        raise AksFlowError(what, where="--image", next_step=step)
    return meant[0]


def _all(images: list[ImageRef]) -> str:
    return " or ".join(image.name for image in images)


def last(image: ImageRef) -> str:
    return PurePosixPath(image.repository).name


def _called(image: ImageRef) -> str:
    """What is compared with a Dockerfile's names: an underscore parts words; a version is no part of it."""
    return re.sub(r"-v\d+$", "", last(image).replace("_", "-"))


def _choose(image: ImageRef, dockerfiles: list[Dockerfile], project: str) -> Dockerfile | None:
    """The Dockerfile of an image, None if none fits."""
    fits = [(_distance(_called(image), dockerfile, project), dockerfile) for dockerfile in dockerfiles]
    nearest = min((distance for distance, _ in fits), default=None)
    if nearest is None or nearest == _FAR:
        return None
    return _one(image, [dockerfile for distance, dockerfile in fits if distance == nearest])


_FAR = 9


def _distance(name: str, dockerfile: Dockerfile, project: str) -> int:
    """0 for the same name, more for one that only fits without the project's name, or a usual ending."""
    for names, distance in ((dockerfile.names, 0), (tuple(map(_bare, dockerfile.names)), 2)):
        if name in names:
            return distance
        if name in [f"{project}-{own}" for own in names] or f"{project}-{name}" in names:
            return distance + 1
        if _bare(name) in names or _bare(name.removeprefix(f"{project}-")) in names:
            return distance + 2
    return _FAR


def _bare(name: str) -> str:
    first, _, end = name.rpartition("-")
    return first if first and end in _ENDS else name


def _one(image: ImageRef, dockerfiles: list[Dockerfile]) -> Dockerfile:
    if only := _only(dockerfiles):
        return only
    paths = " and ".join(dockerfile.path for dockerfile in dockerfiles)
    step = f"Say which, as in `--image {last(image)}={dockerfiles[0].path}`."
    raise AksFlowError(f"image {image.name} can be built from {paths}", where="--image", next_step=step)


def _only(dockerfiles: list[Dockerfile]) -> Dockerfile | None:
    """The one that is meant: of several in a folder, the one with the usual name. None if it is not clear."""
    usual = [dockerfile for dockerfile in dockerfiles if PurePosixPath(dockerfile.path).name in _USUAL]
    same_place = len({PurePosixPath(dockerfile.path).parent for dockerfile in dockerfiles}) == 1
    likely = usual if same_place and usual else dockerfiles
    return likely[0] if len(likely) == 1 else None


def _by_stage(images: list[ImageRef], dockerfiles: list[Dockerfile]) -> dict[ImageRef, Dockerfile]:
    """Those that are called as a last stage of one Dockerfile: ``store-worker`` and ``AS worker``."""
    own = [image for image in images if not _is_published(image)]
    fits = {image: [file for file in dockerfiles if _target(image, file)] for image in own}
    return {image: files[0] for image, files in fits.items() if len(files) == 1}


def _target(image: ImageRef, dockerfile: Dockerfile) -> str:
    """Of several last stages the one that is called as an image, or as the end of its name; "" if none is."""
    name, stages = f"-{_bare(_called(image))}", dockerfile.stages if len(dockerfile.stages) > 1 else ()
    fits = [stage for stage in stages if stage and name.endswith(f"-{_bare(stage.replace('_', '-'))}")]
    return max(fits, key=len, default="")


def _alike(images: list[ImageRef], dockerfiles: list[Dockerfile]) -> dict[ImageRef, Dockerfile]:
    """Those that share a part of their names with one Dockerfile, and that with no other image."""
    sharing = {
        image: [dockerfile for dockerfile in dockerfiles if _shares_part(_called(image), dockerfile)]
        for image in images
    }
    shared = [dockerfile for alike in sharing.values() for dockerfile in alike]
    pairs = {image: _only(alike) for image, alike in sharing.items()}
    return {image: dockerfile for image, dockerfile in pairs.items() if shared.count(dockerfile) == 1}


def _shares_part(name: str, dockerfile: Dockerfile) -> bool:
    """``store-api`` and the folder ``api``."""
    return any(name.endswith(f"-{own}") or name.startswith(f"{own}-") for own in dockerfile.names)


def _left_over(images: list[ImageRef], dockerfiles: list[Dockerfile]) -> dict[ImageRef, Dockerfile]:
    """One image that nobody publishes and one Dockerfile that nothing else is built from belong together."""
    own = [image for image in images if not _is_published(image)]
    return {own[0]: dockerfiles[0]} if len(own) == 1 and len(dockerfiles) == 1 else {}


def maker(image: ImageRef, dockerfiles: Iterable[Dockerfile], project: str) -> Dockerfile | None:
    """The Dockerfile that is called as an image which no registry is said to have; None if none is."""
    if "/" in image.name or last(image) in _KNOWN:
        return None
    name = _called(image)
    fits = (file for file in dockerfiles if _distance(name, file, project) < _FAR or _shares_part(name, file))
    return next(fits, None)


def _is_published(image: ImageRef) -> bool:
    return image.registry in _PUBLIC or last(image) in _KNOWN


def _nothing(images: list[ImageRef], dockerfiles: list[Dockerfile]) -> AksFlowError:
    if not dockerfiles:
        step = "Add a Dockerfile: what is delivered is built here."
        return AksFlowError("there is no Dockerfile", where="the repository", next_step=step)
    if not images:
        step = "Name each image there, as in `frontend: {image: {repository: frontend, tag: dev}}`."
        return AksFlowError("the chart's values name no image", where="values.yaml", next_step=step)
    mentioned, paths = ", ".join(image.name for image in images), ", ".join(file.path for file in dockerfiles)
    likely = sorted(images, key=lambda image: (last(image) in _KNOWN, _is_published(image)))[0]
    step = f"Say what is built, as in `--image {last(likely)}={dockerfiles[0].path}`."
    what = f"the manifests mention {mentioned}, and none of it is called as a folder of {paths}"
    return AksFlowError(what, where="--image", next_step=step)
