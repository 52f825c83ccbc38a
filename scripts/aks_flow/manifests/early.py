"""Rendering while images are built: their digests are put into the text once they are known."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aks_flow.core.config.render import HELM
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.manifests.render import documents, render
from aks_flow.manifests.render_request import RenderRequest

_HASHED = ("ConfigMap", "Secret")  # kustomize names those that it generates by a hash of their content


@dataclass(frozen=True)
class EarlyText:
    """What was rendered, and with which images: one without a digest got one that means nothing."""

    text: str
    images: Mapping[str, ImageRef]


def render_early(run: Runner, request: RenderRequest, marks: Mapping[str, str]) -> EarlyText | None:
    """As `render`, of images that may not have been built; None for a chart, which can hash anything."""
    if request.config.app.render.kind == HELM:
        return None
    images = {name: image if image.digest else _meaningless(image) for name, image in request.images.items()}
    return EarlyText(render(run, replace(request, images=images), marks), images)


def complete(early: EarlyText, images: Mapping[str, ImageRef]) -> str:
    """The text with the images as they were built; "" if it has to be rendered anew."""
    if _undigested(images) != _undigested(early.images) or _is_hashed(early, images):
        return ""
    text = early.text
    for name, image in images.items():
        text = text.replace(_hex(early.images[name]), _hex(image))
    return text


def _undigested(images: Mapping[str, ImageRef]) -> dict[str, ImageRef]:
    return {name: image.with_tag(image.tag) for name, image in images.items()}


def _is_hashed(early: EarlyText, images: Mapping[str, ImageRef]) -> bool:
    """Whether a digest that has changed may be part of a name."""
    changed = [_hex(old) for name, old in early.images.items() if old != images[name]]
    hashed = [item.text for item in documents(early.text) if item.object["kind"] in _HASHED]
    return any(digest in text for digest in changed for text in hashed)


def _meaningless(image: ImageRef) -> ImageRef:
    return image.with_tag(
        image.tag, f"sha256:{hashlib.sha256(f'not built yet: {image}'.encode()).hexdigest()}"
    )


def _hex(image: ImageRef) -> str:
    return image.digest.partition(":")[2]
