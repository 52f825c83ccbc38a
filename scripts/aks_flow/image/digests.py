"""The digests of a version, from the job that publishes it to the one that delivers it, as one text.

An app of one image has ``sha256:…``; one of several has ``api=sha256:…,worker=sha256:…``.
"""

from collections.abc import Container, Mapping

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef, by_name, is_digest


def check(version: str, digest: str) -> None:
    """AksFlowError for a digest without its version."""
    if digest and not version:
        raise AksFlowError("a digest needs its version", next_step="Give --version too.")


def write(image: ImageRef, own: str) -> str:
    """The digests of images; "" unless all are published. own: the name of the app's own."""
    images = by_name(image, own)
    if len(images) == 1 or not image.is_published:
        return image.digest if image.is_published else ""
    return ",".join(f"{name}={member.digest}" for name, member in images.items())


def read(text: str, own: str, names: Container[str]) -> Mapping[str, str]:
    """By name; {} for "". AksFlowError for what is no digest, or of none of the images called ``names``."""
    if not text:
        return {}
    pairs = [part.rpartition("=") for part in text.split(",")]
    digests = {name if sign else own: digest for name, sign, digest in pairs}
    for name, digest in digests.items():
        if name not in names or not is_digest(digest):
            step = "Take what `./inv image.push` showed: sha256:…, or NAME=sha256:… for each image."
            raise AksFlowError(f"{text!r} is not the digest of a version", next_step=step)
    return digests
