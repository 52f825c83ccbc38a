"""How a repository's manifests are laid out: what environments are made of, and those that there are."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from aks_flow.adopt.survey.manifests import ManifestFiles
from aks_flow.adopt.survey.tree import WorkTree, is_within, parent
from aks_flow.core.config.render import HELM, KUSTOMIZE, PLAIN
from aks_flow.core.errors import AksFlowError

_VALUES = re.compile(r"(?:values[-._](?P<after>[\w-]+)|(?P<before>[\w-]+)[-._]values)\.ya?ml")
_ENVIRONMENT = re.compile(r"(dev|test|int|qa|uat|stag|stg|preprod|prod|live)\w*", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """kind: kustomize, plain or helm. folder: that of all manifests.

    base: what environments have in common: a kustomization's folder, a chart's, or `folder`.
    environments: those that the repository has already: the folder of each, or Helm's file of values.
    """

    kind: str
    folder: str
    base: str
    environments: dict[str, str] = field(default_factory=dict)


def find_layout(tree: WorkTree, manifests: ManifestFiles, folder: str) -> Layout:
    """The one layout in a folder, or in all of the repository if that is "".

    AksFlowError if there is none, or if it is not clear which is meant.
    """
    inside = manifests.below(folder) if folder else manifests
    layouts = [*_charts(tree, inside), *_kustomize(inside), *_plain(inside, folder)]
    where = folder or "."
    if not layouts:
        raise _none(inside, where)
    if len(layouts) > 1:
        places = ", ".join(f"{layout.folder} ({layout.kind})" for layout in layouts)
        step = f"Say which is meant, as in `--manifests {layouts[0].folder}`."
        raise AksFlowError(f"there are manifests in {places}", where=where, next_step=step)
    return layouts[0]


def _none(inside: ManifestFiles, where: str) -> AksFlowError:
    step = "Name their folder with --manifests, or write some: a Deployment and a Service are enough."
    if inside.broken:
        path, why = next(iter(inside.broken.items()))
        return AksFlowError(f"this is not YAML ({why})", where=path, next_step="Correct it.")
    return AksFlowError("no Kubernetes manifest is here", where=where, next_step=step)


def _charts(tree: WorkTree, manifests: ManifestFiles) -> Iterator[Layout]:
    for chart in manifests.charts:
        values = {
            match["after"] or match["before"]: path
            for path in tree.below(chart)
            if (match := _VALUES.fullmatch(PurePosixPath(path).name)) and is_within(path, chart)
        }
        yield Layout(HELM, chart, chart, values)


def _kustomize(manifests: ManifestFiles) -> Iterator[Layout]:
    """One for each group of kustomizations that name each other."""
    for group in _groups(manifests):
        named = {folder for member in group for folder in manifests.of_kustomization(member)} & group
        tops = sorted(group - named)
        overlays = {
            PurePosixPath(top).name: top for top in tops if set(manifests.of_kustomization(top)) & named
        }
        top = os.path.commonpath(group) or "."
        if overlays:
            common = [set(manifests.of_kustomization(overlay)) & named for overlay in overlays.values()]
            yield Layout(KUSTOMIZE, top, sorted(common[0])[0], overlays)
        else:
            yield Layout(KUSTOMIZE, parent(top) if top == tops[0] else top, tops[0])


def _groups(manifests: ManifestFiles) -> list[set[str]]:
    """Kustomizations that are connected, as sets of folders; those that hold no workload are left out."""
    groups: list[set[str]] = []
    for folder in manifests.kustomizations:
        linked = {
            folder,
            *(other for other in manifests.of_kustomization(folder) if other in manifests.kustomizations),
        }
        for group in [group for group in groups if group & linked]:
            groups.remove(group)
            linked |= group
        groups.append(linked)
    return [group for group in groups if any(_holds_workload(manifests, folder) for folder in group)]


def _holds_workload(manifests: ManifestFiles, folder: str) -> bool:
    names = set(manifests.of_kustomization(folder))
    return any(file.has_workload for path, file in manifests.files.items() if path in names)


def _plain(manifests: ManifestFiles, folder: str) -> Iterator[Layout]:
    """One of all workloads that no kustomization takes."""
    taken = {path for other in manifests.kustomizations for path in manifests.of_kustomization(other)}
    own = [
        path
        for path, file in manifests.files.items()
        if file.has_workload and path not in taken and not _is_below_a_kustomization(manifests, path)
    ]
    if own:
        top = folder or os.path.commonpath([parent(path) for path in own]) or "."
        yield Layout(
            PLAIN, _above(top, own), _above(top, own), _folders_of_environments(_above(top, own), own)
        )


def _is_below_a_kustomization(manifests: ManifestFiles, path: str) -> bool:
    return any(is_within(path, folder) for folder in manifests.kustomizations)


def _above(top: str, files: list[str]) -> str:
    """The folder above one that is an environment's: its neighbours are others'."""
    return parent(top) if _ENVIRONMENT.fullmatch(PurePosixPath(top).name) else top


def _folders_of_environments(top: str, files: list[str]) -> dict[str, str]:
    inner = {
        str(folder) for path in files for folder in PurePosixPath(path).parents if is_within(str(folder), top)
    }
    return {
        PurePosixPath(folder).name: folder
        for folder in sorted(inner)
        if _ENVIRONMENT.fullmatch(PurePosixPath(folder).name)
    }
