"""Images of a rendered environment that nothing pins: refused before a cluster is given them."""

from collections.abc import Iterable, Iterator, Mapping

from aks_flow.core.config import Config
from aks_flow.core.config.render import KUSTOMIZE
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageError, ImageRef
from aks_flow.manifests import layout
from aks_flow.manifests.images.places import CONTAINERS

_PLACEHOLDER = "0" * 64  # what an overlay may hold until a delivery sets its digest


def check_pinned(
    objects: Iterable[dict],
    images: Iterable[ImageRef],
    copies: Mapping[str, ImageRef],
    config: Config,
    environment: str,
) -> None:
    """AksFlowError unless every container runs one of ``images``, a copy, or what has a digest of its own.

    objects: the environment's. images: the app's, which may have no digest yet. copies: those of third-party
    images in the registry, by name; without a digest if it lacks them.
    """
    own, copied = {str(image) for image in images}, {str(copy): copy for copy in copies.values()}
    mentions = sorted({mention for item in objects for mention in _mentions(item, _ref(item))})
    others = [(ref, text) for ref, text in mentions if text not in own]
    for _, text in others:
        if text in copied and not copied[text].digest:
            raise no_copy(text, environment)
    unpinned = [f"    {ref} runs {_shown(text)}\n" for ref, text in others if not _has_digest(text)]
    if unpinned:
        where = layout.written_in(config, environment)
        what = f"nothing pins these images, and nothing was changed:\n{''.join(unpinned)}"
        raise AksFlowError(what, where=where, next_step=_way(config, where))


def no_copy(image: str, environment: str) -> AksFlowError:
    """What is wrong if the registry lacks the copy of a third-party image that is to run."""
    step = f"`./inv image.mirror --env {environment}` brings it there."
    return AksFlowError("the registry has no copy", where=image, next_step=step)


def _way(config: Config, where: str) -> str:
    """How they are pinned."""
    if config.app.render.kind == KUSTOMIZE:
        return (
            f"List each under `images` in {where} and name it in invoke.yaml, under `app.images` if it is "
            "built here or under `images` if others publish it; or write its digest where it is mentioned."
        )
    return (
        "Name each in invoke.yaml as the manifests do: by its repository under `app.images` if it is built "
        "here, as a `source` under `images` if others publish it; or write its digest where it is mentioned."
    )


def _shown(text: str) -> str:
    return f"{text}, a placeholder" if text.endswith(_PLACEHOLDER) else text


def _ref(item: Mapping) -> str:
    metadata = item["metadata"]
    return f"{item['kind'].lower()}/{metadata.get('name') or metadata.get('generateName', '')}"


def _mentions(node: object, ref: str) -> Iterator[tuple[str, str]]:
    """(ref, image) of the containers at any depth, as in a CronJob or a custom resource."""
    if isinstance(node, list):
        for item in node:
            yield from _mentions(item, ref)
    if isinstance(node, dict):
        for key, value in node.items():
            if key in CONTAINERS and isinstance(value, list):
                yield from _images(value, ref)
            yield from _mentions(value, ref)


def _images(containers: list, ref: str) -> Iterator[tuple[str, str]]:
    for container in containers:
        if isinstance(container, dict) and isinstance(container.get("image"), str):
            yield ref, container["image"]


def _has_digest(text: str) -> bool:
    """Whether it always means the same bytes."""
    try:
        digest = ImageRef.parse(text).digest
    except ImageError:
        return False
    return bool(digest) and not digest.endswith(_PLACEHOLDER)
