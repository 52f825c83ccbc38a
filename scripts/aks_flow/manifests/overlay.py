"""An environment as an overlay of kustomize, whose `images` are the pins."""

import posixpath
from collections.abc import Mapping
from pathlib import Path

from aks_flow.core import yaml_text
from aks_flow.core.config import Config, previews
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.core.tarball import unpack
from aks_flow.gitflow.tree_archive import tree_archive
from aks_flow.manifests import layout
from aks_flow.manifests.images.images import set_images
from aks_flow.manifests.layout import KUSTOMIZATION
from aks_flow.manifests.render_request import RenderRequest
from aks_flow.manifests.yaml_edit import fields
from aks_flow.manifests.yaml_edit.file_text import read_file


def stage(run: Runner, request: RenderRequest, top: Path) -> Path:
    """The manifests' folder in ``top``, the environment's overlay pinned; the overlay."""
    config = request.config
    unpack(tree_archive(run, request.repo, f"{request.tree}:{layout.top(config)}", named_only=True), top)
    overlay = top / layout.place(config, request.environment)
    if not (overlay / KUSTOMIZATION).is_file():
        raise missing(config, request.environment)
    where = layout.written_in(config, request.environment)
    file = overlay / KUSTOMIZATION
    file.write_bytes(pinned(read_file(file), config, request.environment, request.images, where).encode())
    return overlay


def missing(config: Config, environment: str) -> AksFlowError:
    step = f"Commit the overlay, or name its folder: environments.{environment}.overlay in invoke.yaml."
    where = layout.written_in(config, environment)
    return AksFlowError(f"{environment} has no overlay", where=where, next_step=step)


def pinned(text: str, config: Config, environment: str, images: Mapping[str, ImageRef], where: str) -> str:
    """An overlay's kustomization with the app's pin, and those of the other ``images`` that it lists.

    Its other bytes stay, but for the components that the target adds, and the namespace of a preview, whose
    overlay is that of all previews. EditError if it does not list the app's
    own image, or is malformed; AksFlowError if it has components of its own.
    """
    own = config.app.own_image
    listed = {name for name, _ in fields.get(text, "images[*].name", where=where)}
    pins = [own, *sorted(listed & set(images) - {own})]
    text = set_images(text, {name: images[name] for name in pins}, where=where)
    if previews.is_preview(environment):
        namespace = config.environment(environment).namespace
        text = fields.set_scalar(text, "namespace", namespace, where=where)
    place = layout.place(config, environment) or "."
    paths = [posixpath.relpath(f"components/{name}", place) for name in config.components]
    return with_components(paths, text, where)


def with_components(paths: list[str], text: str, where: str) -> str:
    """A kustomization with components, whose paths begin at it; AksFlowError if it has others."""
    present = yaml_text.load(text, where).get("components") or []
    if set(paths) <= set(present):
        return text
    if present:
        step = f"Add {', '.join(paths)} there, or remove what is there."
        raise AksFlowError("`components` holds others than the target adds", where=where, next_step=step)
    lines = "".join(f"  - {path}\n" for path in paths)
    end = "" if text.endswith("\n") else "\n"
    return f"{text}{end}\ncomponents:\n{lines}"
