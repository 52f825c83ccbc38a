"""The images that manifests run."""

from collections.abc import Iterable
from dataclasses import dataclass

from aks_flow.adopt.survey import pods
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageError, ImageRef

_TEMPLATES = ("{{", "${", "$(", "<", "%")


@dataclass(frozen=True)
class ImageMention:
    """image: as it is written. key: that of Helm's values, "" elsewhere."""

    image: ImageRef
    key: str = ""


def images_of_objects(objects: Iterable[dict]) -> tuple[ImageMention, ...]:
    """By name. AksFlowError for a text that is no image reference."""
    return tuple(ImageMention(parse(text)) for text in pods.images(objects))


def parse(text: str) -> ImageRef:
    """AksFlowError if it is no image reference, or is one that another program fills in."""
    try:
        return ImageRef.parse(text)
    except ImageError as error:
        if any(mark in text for mark in _TEMPLATES):
            what = f"a container's image is {text!r}, which another program fills in"
            step = "Write the image's name alone: deliveries set registry, tag and digest."
            raise AksFlowError(what, where="the manifests", next_step=step) from error
        raise AksFlowError(error.what, where="the manifests", next_step=error.next_step) from error
