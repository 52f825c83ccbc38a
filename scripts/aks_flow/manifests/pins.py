"""Images set in what was rendered, where manifests have no list of pins of their own."""

from collections.abc import Callable, Mapping

from aks_flow.core import image_ref
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests import layout
from aks_flow.manifests.images.images import replace_images
from aks_flow.manifests.render_request import RenderRequest


def pin_mentions(text: str, request: RenderRequest) -> str:
    """The text in which what is called as one of the app's images runs it, and a source runs its copy.

    AksFlowError if nothing in there runs the app's own image.
    """
    where = layout.written_in(request.config, request.environment)
    pinned = replace_images(text, _choice(request), where=where)
    app = request.config.app
    if str(request.images[app.own_image]) not in pinned:
        what = f"the manifests of {request.environment} run no image called {app.own_image}"
        step = f"Let a container's `image` be {app.own_image}, or name it in app.images as the manifests do."
        raise AksFlowError(what, where=where, next_step=step)
    return pinned


def _choice(request: RenderRequest) -> Callable[[ImageRef], ImageRef | None]:
    """The image to run instead of one that is mentioned, None if that is nobody's."""
    config, images = request.config, request.images
    built = {name: images[name] for name in config.app.built_images}
    by_repository = built | {image.repository: image for image in built.values()}
    copies = {
        mention: image
        for name, image in images.items()
        if name in config.images
        for mention in _mentions(config.images[name].source)
    }
    return lambda mention: _chosen(mention, by_repository, copies)


def _chosen(
    mention: ImageRef, by_repository: Mapping[str, ImageRef], copies: Mapping[str, ImageRef]
) -> ImageRef | None:
    return copies.get(_in_full(mention)) or by_repository.get(mention.repository)


def _mentions(source: ImageRef) -> tuple[str, str]:
    """How manifests may call it: with its pin, or by the tag that was pinned."""
    return _in_full(source), _in_full(source.with_tag(source.tag))


def _in_full(image: ImageRef) -> str:
    """As the engine completes a name: ``nginx`` is ``docker.io/library/nginx:latest``."""
    tag = image.tag or ("" if image.digest else "latest")
    return str(image_ref.in_full(image.with_tag(tag, image.digest)))
