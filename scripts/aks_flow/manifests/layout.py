"""Where an environment's manifests are, in the project and on the GitOps branch, and what they name. Pure."""

import posixpath
from collections.abc import Iterator
from itertools import chain
from pathlib import PurePosixPath

from aks_flow.core.config import Config, previews
from aks_flow.core.config.render import HELM, KUSTOMIZE

KUSTOMIZATION = "kustomization.yaml"
KUSTOMIZATIONS = (KUSTOMIZATION, "kustomization.yml", "Kustomization")  # what kustomize reads
# The fields of a kustomization that lead to others. All other fields name files below its own folder alone:
# https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
BASES, COMPONENTS = ("resources", "bases"), ("components",)
LEADING = (*BASES, *COMPONENTS, "generators", "transformers", "validators")
RENDERED = "manifests.yaml"  # what the GitOps branch has of plain manifests and of a chart
_APPLICATIONS = "argocd"
PREVIEW_PROJECT, PREVIEW_SET = "preview-project.yaml", "previews.yaml"  # of the Argo CD objects


def top(config: Config) -> str:
    """The folder of the manifests within a tree."""
    return in_tree(config.app.manifests)


def own_folders(config: Config) -> dict[str, str]:
    """The folder in the manifests that is an environment's alone, by environment, whether it is there or not.

    Of a kustomization it is the overlay; Helm has none. All previews have the same one.
    """
    usual = "overlays/{}" if config.app.render.kind == KUSTOMIZE else "{}"
    environments = dict(config.environments)
    if config.previews.namespace:
        environments[previews.FOLDER] = config.previews.environment(0, config.target)
    folders = {name: usual.format(_called(name)) for name in environments}
    for name, environment in environments.items():
        if environment.overlay:
            folders[name] = _inside(environment.overlay, config.app.manifests)
    return folders


def _called(environment: str) -> str:
    return previews.FOLDER if previews.is_preview(environment) else environment


def applications(config: Config) -> str:
    """The folder of the Argo CD objects in the project."""
    return config.gitops.applications or str(PurePosixPath(config.app.manifests, _APPLICATIONS))


def applications_inside(config: Config) -> str:
    """The same in the manifests, "" if it is elsewhere."""
    return _inside(applications(config), config.app.manifests)


def place(config: Config, environment: str) -> str:
    """What Argo CD renders of an environment's folder on the branch: the overlay, or "" for all of it."""
    return own_folders(config)[environment] if config.app.render.kind == KUSTOMIZE else ""


def source_path(config: Config, environment: str) -> str:
    """The path of that on the branch."""
    return str(PurePosixPath(environment, place(config, environment)))


def written_in(config: Config, environment: str) -> str:
    """The file or folder of the project that says what the environment runs."""
    render = config.app.render
    if render.kind == KUSTOMIZE:
        return str(PurePosixPath(config.app.manifests, own_folders(config)[environment]) / KUSTOMIZATION)
    return render.chart if render.kind == HELM else config.app.manifests


def _inside(folder: str, manifests: str) -> str:
    """A folder's path from that of the manifests; "" if it is that, or elsewhere."""
    path = PurePosixPath(folder)
    return in_tree(str(path.relative_to(manifests))) if path.is_relative_to(manifests) else ""


def in_tree(folder: str) -> str:
    """A path of the project as git writes it within a tree: "" for the whole."""
    path = str(PurePosixPath(folder))
    return "" if path == "." else path


def named(data: object, folder: str, fields: tuple[str, ...] = LEADING) -> Iterator[str]:
    """The files and folders that a kustomization names, be they there or not. data: what its text says."""
    given = [data.get(field) for field in fields] if isinstance(data, dict) else []
    for entry in chain.from_iterable(entries for entries in given if isinstance(entries, list)):
        if isinstance(entry, str) and "\n" not in entry and "://" not in entry:  # a text is the object itself
            path = posixpath.normpath(posixpath.join(folder, entry))
            if not path.startswith(".."):
                yield path
