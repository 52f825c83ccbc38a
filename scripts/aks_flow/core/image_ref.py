"""Image references: ``registry[:port]/repository[:tag][@digest]`` as values.

Grammar: https://github.com/distribution/reference. A first component is a registry only if it
holds a dot or a colon, or is ``localhost``: that is what keeps ``localhost:5000/front:1.2`` whole.
"""

import re
from dataclasses import dataclass, replace

from aks_flow.core.errors import AksFlowError

_REPOSITORY = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+|/)[a-z0-9]+)*")
_REGISTRY = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


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
            ("registry", self.registry, _REGISTRY),
            ("repository", self.repository, _REPOSITORY),
            ("tag", self.tag, _TAG),
            ("digest", self.digest, _DIGEST),
        )
        for part, text, grammar in parts:
            if (text or part == "repository") and not grammar.fullmatch(text):
                raise ImageError(f"{text!r} is not an image {part}", next_step="Correct the image reference.")

    @classmethod
    def parse(cls, text: str) -> "ImageRef":
        """``localhost:5000/front:1.2@sha256:…`` -> ImageRef; ImageError if it is not a reference."""
        rest, _, digest = text.partition("@")
        first, slash, path = rest.partition("/")
        registry = first if slash and ("." in first or ":" in first or first == "localhost") else ""
        name, _, tag = (path if registry else rest).partition(":")
        if text.endswith(("@", ":")):
            raise ImageError(f"{text!r} is not an image reference", next_step="Correct the image reference.")
        return cls(registry, name, tag, digest)

    @property
    def name(self) -> str:
        """``registry/repository``, what a kustomization calls newName."""
        return f"{self.registry}/{self.repository}" if self.registry else self.repository

    def with_tag(self, tag: str, digest: str = "") -> "ImageRef":
        return replace(self, tag=tag, digest=digest)

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.name}{tag}{digest}"
