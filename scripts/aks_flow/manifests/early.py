"""Rendering before versions and digests are told: they are put into the text once they are known."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from aks_flow.core.config.render import HELM
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.manifests.render import documents, render
from aks_flow.manifests.render_request import RenderRequest

_HASHED = ("ConfigMap", "Secret")  # kustomize names those that it generates by a hash of their content

# The tag of what is named by a version that is not told yet.
UNTOLD = f"untold-{hashlib.sha256(b'a version that is not told yet').hexdigest()[:32]}"


@dataclass(frozen=True)
class EarlyText:
    """What was rendered, and with which images: one without a digest got one that means nothing."""

    text: str
    images: Mapping[str, ImageRef]


def render_early(run: Runner, request: RenderRequest, marks: Mapping[str, str]) -> EarlyText | None:
    """As `render`, of images that may not have been built; None for a chart, which can hash anything.

    The version that the app's images have in common, and marks name too, may be `UNTOLD`.
    """
    if request.config.app.render.kind == HELM:
        return None
    images = {name: image if image.digest else _meaningless(image) for name, image in request.images.items()}
    return EarlyText(render(run, replace(request, images=images), marks), images)


def complete(early: EarlyText, images: Mapping[str, ImageRef]) -> str:
    """The text with the images as they were built; "" if it has to be rendered anew."""
    if images.keys() != early.images.keys():
        return ""
    words = _words(early.images, images)
    tags = {name: words.get(image.tag, image.tag) for name, image in early.images.items()}
    told = {name: image.with_tag(tags[name], images[name].digest) for name, image in early.images.items()}
    if told != images or not all(words.values()) or _is_hashed(early, words):
        return ""
    text = early.text
    for old, new in words.items():
        text = text.replace(old, new)
    return text


def _words(before: Mapping[str, ImageRef], images: Mapping[str, ImageRef]) -> dict[str, str]:
    """What takes the place of what: of a digest, and of the version that was not told."""
    words = {_hex(image): _hex(images[name]) for name, image in before.items() if image != images[name]}
    versions = {image.tag: images[name].tag for name, image in before.items() if image.tag == UNTOLD}
    return words | versions


def _is_hashed(early: EarlyText, words: Iterable[str]) -> bool:
    """Whether what is to be replaced may be part of a name."""
    hashed = [item.text for item in documents(early.text) if item.object["kind"] in _HASHED]
    return any(word in text for word in words for text in hashed)


def _meaningless(image: ImageRef) -> ImageRef:
    digest = hashlib.sha256(f"not built yet: {image}".encode()).hexdigest()
    return image.with_tag(image.tag, f"sha256:{digest}")


def _hex(image: ImageRef) -> str:
    return image.digest.partition(":")[2]
