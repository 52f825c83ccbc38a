"""An environment as YAML files that are applied as they are: those of all environments, and its own."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import yaml

from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.core.tarball import unpack
from aks_flow.gitflow.tree_archive import tree_archive
from aks_flow.manifests import layout
from aks_flow.manifests.layout import KUSTOMIZATION, KUSTOMIZATIONS
from aks_flow.manifests.render_request import RenderRequest

_ENDINGS = (".yaml", ".yml", ".json")  # as `kubectl apply` reads a folder


def stage(run: Runner, request: RenderRequest, top: Path) -> Path:
    """The manifests' folder in ``top``, with a kustomization that is the environment's."""
    unpack(tree_archive(run, request.repo, f"{request.tree}:{layout.top(request.config)}"), top)
    kustomization = {
        "namespace": request.namespace,
        "resources": resources(top, request.config, request.environment),
    }
    (top / KUSTOMIZATION).write_text(yaml.safe_dump(kustomization))
    return top


def resources(top: Path, config: Config, environment: str) -> list[str]:
    """The paths in the manifests' folder ``top`` of an environment's files, in the order of their names.

    AksFlowError if there is none, or if one is a kustomization, which says what is applied otherwise.
    """
    folders = layout.own_folders(config)
    others = {folder for name, folder in folders.items() if name != environment} - {folders[environment]}
    paths = sorted(_files(top, others | {layout.applications_inside(config)}))
    for path in paths:
        if PurePosixPath(path).name in KUSTOMIZATIONS:
            step = "Set app.render.kind to kustomize in invoke.yaml, or move it out of app.manifests."
            where = str(PurePosixPath(config.app.manifests, path))
            raise AksFlowError("plain manifests hold a kustomization", where=where, next_step=step)
    if not paths:
        step = "Commit some, or correct app.manifests in invoke.yaml."
        what = f"there are no manifests of {environment}"
        raise AksFlowError(what, where=config.app.manifests, next_step=step)
    return paths


def _files(top: Path, left_out: set[str]) -> Iterator[str]:
    """But for hidden ones, and those in folders that are left out."""
    for folder, inner, names in os.walk(top):
        place = PurePosixPath(Path(folder).relative_to(top))
        inner[:] = [name for name in inner if name[0] != "." and str(place / name) not in left_out]
        yield from (
            str(place / name)
            for name in names
            if name[0] != "." and name.endswith((*_ENDINGS, "Kustomization"))
        )
