"""Image references as a Pod writes them, as the Docker engine takes them."""

from aks_flow.core.image_ref import ImageError, ImageRef


class InvalidImageName(Exception):
    """A text that is not an image reference."""


def parse(text: str) -> ImageRef:
    """InvalidImageName, in kubelet's words, if the text is not a reference."""
    try:
        return ImageRef.parse(text)
    except ImageError as error:
        raise InvalidImageName(
            f'Failed to apply default image tag "{text}": couldn\'t parse image name "{text}": '
            "invalid reference format"
        ) from error


def pinned(reference: ImageRef) -> str:
    """``name@digest`` or ``name:tag``: the engine takes one, and the digest decides."""
    if reference.digest:
        return f"{reference.name}@{reference.digest}"
    return f"{reference.name}:{reference.tag or 'latest'}"


def held_digest(reference: ImageRef, image: dict) -> str:
    """``name@sha256:…`` under which an image was pushed or pulled for this name; "" if it never was."""
    name = reference.name.removeprefix("docker.io/").removeprefix("library/")
    digests = image.get("RepoDigests") or []
    return next((digest for digest in digests if digest.partition("@")[0] == name), "")


def reported(reference: ImageRef, image_id: str) -> str:
    """What a started container is said to run; "" for what its pod names.

    The kubelet says what the runtime says. containerd has no tag of an image that it has pulled by a
    digest, and gives the image's own.
    """
    return image_id if reference.digest else ""
