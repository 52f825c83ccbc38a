"""Whose manifests are to be rendered, of which files, with which images."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.config import Config
from aks_flow.core.image_ref import ImageRef


@dataclass(frozen=True)
class RenderRequest:
    """repo, tree: the files of the project, as of a commit or a work tree. environment: whose manifests.

    images: what is to run, by name; one that is not published yet has no digest.
    """

    repo: Path
    tree: str
    config: Config
    environment: str
    images: Mapping[str, ImageRef]

    @property
    def namespace(self) -> str:
        return self.config.environment(self.environment).namespace
