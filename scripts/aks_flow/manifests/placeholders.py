"""Rendering with placeholders for a version and digests that are not known yet; they are filled in later."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from aks_flow.core.config.render import HELM
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.manifests.render import documents, render
from aks_flow.manifests.render_request import RenderRequest

_HASHED = ("ConfigMap", "Secret")  # kustomize names those that it generates by a hash of their content

# The tag of an image whose version is not known yet.
PLACEHOLDER = f"untold-{hashlib.sha256(b'a version that is not told yet').hexdigest()[:32]}"


@dataclass(frozen=True)
class PlaceholderText:
    """What was rendered, and with which images. One without a digest got a placeholder for it."""

    text: str
    images: Mapping[str, ImageRef]


def prerender(run: Runner, request: RenderRequest, marks: Mapping[str, str]) -> PlaceholderText | None:
    """As `render`, with images that need not be built yet. None for a chart, which can hash anything.

    The version of the app's images, which ``marks`` name too, may be `PLACEHOLDER`.
    """
    if request.config.app.render.kind == HELM:
        return None
    images = {name: image if image.digest else _placeholder(image) for name, image in request.images.items()}
    return PlaceholderText(render(run, replace(request, images=images), marks), images)


def fill_in(rendered: PlaceholderText, images: Mapping[str, ImageRef]) -> str:
    """The text with the images as they were built; "" if it must be rendered again."""
    if images.keys() != rendered.images.keys():
        return ""
    replacements = _replacements(rendered.images, images)
    tags = {name: replacements.get(image.tag, image.tag) for name, image in rendered.images.items()}
    known = {name: image.with_tag(tags[name], images[name].digest) for name, image in rendered.images.items()}
    if known != images or not all(replacements.values()) or _is_hashed(rendered, replacements):
        return ""
    text = rendered.text
    for old, new in replacements.items():
        text = text.replace(old, new)
    return text


def _replacements(before: Mapping[str, ImageRef], images: Mapping[str, ImageRef]) -> dict[str, str]:
    """What each placeholder, of a digest and of the version, is replaced by."""
    digests = {_hex(image): _hex(images[name]) for name, image in before.items() if image != images[name]}
    versions = {image.tag: images[name].tag for name, image in before.items() if image.tag == PLACEHOLDER}
    return digests | versions


def _is_hashed(rendered: PlaceholderText, words: Iterable[str]) -> bool:
    """Whether a placeholder may have gone into the hash of a name."""
    hashed = [item.text for item in documents(rendered.text) if item.object["kind"] in _HASHED]
    return any(word in text for word in words for text in hashed)


def _placeholder(image: ImageRef) -> ImageRef:
    digest = hashlib.sha256(f"not built yet: {image}".encode()).hexdigest()
    return image.with_tag(image.tag, f"sha256:{digest}")


def _hex(image: ImageRef) -> str:
    return image.digest.partition(":")[2]
