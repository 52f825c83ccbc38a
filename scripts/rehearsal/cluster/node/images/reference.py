"""Image references as a Pod writes them, as the Docker engine takes them."""

import re
from dataclasses import dataclass

_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?"
_PATH = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
_REFERENCE = re.compile(
    rf"(?:(?P<host>{_HOST})/)??(?P<path>{_PATH})"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


class InvalidImageName(Exception):
    """A text that is not an image reference."""


@dataclass(frozen=True)
class Reference:
    """name: registry and repository. tag is ``latest`` if neither tag nor digest is given."""

    host: str
    name: str
    tag: str
    digest: str

    @property
    def pinned(self) -> str:
        """``name@digest`` or ``name:tag``: the engine takes one, and the digest decides."""
        return f"{self.name}@{self.digest}" if self.digest else f"{self.name}:{self.tag}"


def parse(text: str) -> Reference:
    match = _REFERENCE.fullmatch(text)
    if not match:
        raise InvalidImageName(
            f'Failed to apply default image tag "{text}": couldn\'t parse image name "{text}": '
            "invalid reference format"
        )
    host, path, tag, digest = match.group("host", "path", "tag", "digest")
    if host and not ("." in host or ":" in host or host == "localhost"):
        host, path = "", f"{host}/{path}"
    name = f"{host}/{path}" if host else path
    return Reference(host or "docker.io", name, tag or ("" if digest else "latest"), digest or "")


def held_digest(reference: Reference, image: dict) -> str:
    """``name@sha256:…`` under which an image was pushed or pulled for this name; "" if it never was."""
    digests = image.get("RepoDigests") or []
    name = reference.name.removeprefix("docker.io/").removeprefix("library/")
    return next((each for each in digests if each.partition("@")[0] == name), "")
