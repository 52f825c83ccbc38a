"""Image references: ``registry[:port]/repository[:tag][@digest]`` as values, one or several of one version.

Grammar: https://github.com/distribution/reference. A first component is a registry only if it
holds a dot or a colon, or is ``localhost``: that is what keeps ``localhost:5000/api:1.2`` whole.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from aks_flow.core import names
from aks_flow.core.errors import AksFlowError
from aks_flow.core.names import Grammar

_REPOSITORY = re.compile(r"(?=.{1,255}$)[a-z0-9]+(?:(?:\.|_|__|-+|/)[a-z0-9]+)*")
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_REGISTRY = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::(?P<port>[0-9]+))?")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")

HUB = "docker.io"


class ImageError(AksFlowError):
    """A text that is not an image reference."""


@dataclass(frozen=True)
class ImageRef:
    """One image. ``registry`` is "" for Docker Hub's short names; ``tag`` and ``digest`` may be ""."""

    registry: str
    repository: str
    tag: str = ""
    digest: str = ""

    def __post_init__(self):
        parts = (
            ("registry", self.registry, not self.registry or _is_registry(self.registry)),
            ("repository", self.repository, _is_repository(self.repository)),
            ("tag", self.tag, not self.tag or _TAG.fullmatch(self.tag)),
            ("digest", self.digest, not self.digest or is_digest(self.digest)),
        )
        for part, text, fits in parts:
            if not fits:
                raise ImageError(f"{text!r} is not an image {part}", next_step="Correct the image reference.")

    @classmethod
    def parse(cls, text: str) -> "ImageRef":
        """``localhost:5000/api:1.2@sha256:…`` -> ImageRef; ImageError if it is not a reference."""
        rest, _, digest = text.partition("@")
        first, slash, path = rest.partition("/")
        registry = first if slash and _looks_like_a_registry(first) else ""
        name, _, tag = (path if registry else rest).partition(":")
        if text.endswith(("@", ":")):
            raise ImageError(f"{text!r} is not an image reference", next_step="Correct the image reference.")
        return cls(registry, name, tag, digest)

    @property
    def name(self) -> str:
        """``registry/repository``, what a kustomization calls newName."""
        return f"{self.registry}/{self.repository}" if self.registry else self.repository

    @property
    def others(self) -> Mapping[str, "ImageRef"]:
        """The images that make up a version with it, by name: none; an `ImageSet` has some."""
        return {}

    @property
    def members(self) -> tuple["ImageRef", ...]:
        """All images of the version, itself first."""
        return (self, *self.others.values())

    @property
    def is_published(self) -> bool:
        """Whether the digest of each of them is known."""
        return all(member.digest for member in self.members)

    def member_of(self, image: "ImageRef") -> "ImageRef":
        """The one of them that has the repository of another image; itself if none has."""
        return next((member for member in self.members if member.repository == image.repository), self)

    def with_tag(self, tag: str, digest: str = "") -> "ImageRef":
        return replace(self, tag=tag, digest=digest)

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.name}{tag}{digest}"


@dataclass(frozen=True)
class ImageSet(ImageRef):
    """The app's own image, and with it the others: what travels where one image does.

    As a reference, a version and a digest it is the own image.
    """

    beside: tuple[tuple[str, ImageRef], ...] = ()

    @property
    def others(self) -> Mapping[str, ImageRef]:
        return dict(self.beside)


def with_others(image: ImageRef, others: Mapping[str, ImageRef]) -> ImageRef:
    """The app's own image and the others, by name, as one value; without others it stays as it is."""
    if not others:
        return image
    return ImageSet(image.registry, image.repository, image.tag, image.digest, tuple(others.items()))


def in_full(image: ImageRef) -> ImageRef:
    """With the registry and repository that the engine completes a short name by: Docker Hub's."""
    registry, repository = image.registry or HUB, image.repository
    if registry == HUB and "/" not in repository:
        repository = f"library/{repository}"
    return ImageRef(registry, repository, image.tag, image.digest)


def is_digest(text: str) -> bool:
    return bool(_DIGEST.fullmatch(text))


def by_name(image: ImageRef, own: str) -> dict[str, ImageRef]:
    """The images of a version again. own: the name of the app's own, which comes first."""
    return {own: ImageRef(image.registry, image.repository, image.tag, image.digest), **image.others}


def _looks_like_a_registry(component: str) -> bool:
    return "." in component or ":" in component or component == "localhost"


def _is_registry(text: str) -> bool:
    parts = _REGISTRY.fullmatch(text)
    return bool(parts) and (parts["port"] is None or names.is_port(parts["port"]))


def _is_registry_path(text: str) -> bool:
    host, slash, path = text.partition("/")
    if not _looks_like_a_registry(host) or not _is_registry(host):
        return False
    return _is_repository(path) if slash else True


def parsed(text: str) -> ImageRef | None:
    """The reference; None if the text is none."""
    try:
        return ImageRef.parse(text)
    except ImageError:
        return None


def _is_repository(text: str) -> bool:
    return bool(_REPOSITORY.fullmatch(text))


Reference = Annotated[
    ImageRef, Grammar("an image reference, as in postgres:16 or host:5000/team/api", parsed)
]
Repository = Annotated[
    str,
    names.fitting("lower-case letters and digits, with '.', '_', '-' or '/' between them", _is_repository),
]
RegistryPath = Annotated[
    str,
    names.fitting(
        "host[:port][/path] with a host that has a dot or a port or is localhost, and a lower-case path",
        _is_registry_path,
    ),
]
