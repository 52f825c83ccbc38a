"""How a repository's manifests are laid out: what environments are made of, and those that there are."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from aks_flow.adopt.survey import plain
from aks_flow.adopt.survey.manifests import CHART, ManifestFiles
from aks_flow.adopt.survey.tree import WorkTree, is_within, parent
from aks_flow.core import yaml_text
from aks_flow.core.config.render import HELM, KUSTOMIZE, PLAIN
from aks_flow.core.errors import AksFlowError
from aks_flow.manifests.layout import BASES, COMPONENTS

_LONGEST_RELEASE = 53
_TRIALS = {"test", "tests", "example", "examples", "sample", "samples"}
_VALUES = re.compile(r"(?:values[-._](?P<after>[\w-]+)|(?P<before>[\w-]+)[-._]values)\.ya?ml")


@dataclass(frozen=True)
class Layout:
    """kind: kustomize, plain or helm. folder: that of all manifests.

    base: what environments have in common: a kustomization's folder, a chart's, or `folder`.
    environments: those that the repository has already: the folder of each, or Helm's file of values.
    more_bases: other kustomizations that all of them have. called: what `--manifests` names to mean it.
    release: the name under which Helm renders the chart before invoke.yaml says one.
    """

    kind: str
    folder: str
    base: str
    environments: dict[str, str] = field(default_factory=dict)
    more_bases: tuple[str, ...] = ()
    called: str = ""
    release: str = ""

    @property
    def place(self) -> str:
        return self.called or self.folder

    @property
    def bases(self) -> tuple[str, ...]:
        return (self.base, *self.more_bases)


def find_layout(tree: WorkTree, manifests: ManifestFiles, folder: str) -> Layout:
    """The one layout in a folder, or in all of the repository if that is "".

    AksFlowError if there is none, or if it is not clear which is meant.
    """
    inside = manifests.below(folder) if folder else manifests
    layouts = [*_charts(tree, inside), *_kustomize(manifests, folder), *_plain(inside)]
    where = folder or "."
    if not layouts:
        raise _none(inside, where)
    named = [layout for layout in layouts if layout.place == str(PurePosixPath(where))]
    meant = named if folder and len(named) == 1 else layouts
    if len(meant) > 1:
        places = ", ".join(f"{layout.place} ({layout.kind})" for layout in meant)
        step = f"Say which is meant, as in `--manifests {meant[0].place}`."
        raise AksFlowError(f"there are manifests in {places}", where=where, next_step=step)
    _check_base(meant[0])
    is_named = folder and meant[0].kind == PLAIN  # then all that it holds is meant
    return _of_plain(inside, plain.above_environment(folder)) if is_named else meant[0]


def _check_base(layout: Layout) -> None:
    """AksFlowError for the top's: an overlay would be within what it stands on, which kustomize refuses."""
    if layout.kind == KUSTOMIZE and layout.base == "." and not layout.environments:
        move = "mkdir k8s && git mv kustomization.yaml k8s/"
        step = f"Move it into a folder of its own, with what it names, as in `{move}`."
        what = "no overlay can stand on a kustomization at the repository's top"
        raise AksFlowError(what, where="kustomization.yaml", next_step=step)


def _none(inside: ManifestFiles, where: str) -> AksFlowError:
    step = "Name their folder with --manifests, or write some: a Deployment and a Service are enough."
    if inside.broken:
        path, why = next(iter(inside.broken.items()))
        return AksFlowError(f"this is not YAML ({why})", where=path, next_step="Correct it.")
    return AksFlowError("no Kubernetes manifest is here", where=where, next_step=step)


def _charts(tree: WorkTree, manifests: ManifestFiles) -> Iterator[Layout]:
    for chart in manifests.charts:
        values = {
            plain.environment(match["after"] or match["before"]): path
            for path in tree.below(chart)
            if (match := _VALUES.fullmatch(PurePosixPath(path).name)) and is_within(path, chart)
        }
        yield Layout(HELM, chart, chart, values, release=_release(tree, chart))


def _release(tree: WorkTree, chart: str) -> str:
    """The chart's name, as far as a release can be called so: where none is told, that is usual."""
    text = tree.text(str(PurePosixPath(chart, CHART)))
    data = yaml_text.load(text, f"{chart}/{CHART}")
    name = str(data.get("name") or "") if isinstance(data, dict) else ""
    return re.sub("[^a-z0-9]+", "-", name.lower())[:_LONGEST_RELEASE].strip("-") or "app"


def _kustomize(manifests: ManifestFiles, folder: str) -> Iterator[Layout]:
    """One for each group of kustomizations that name each other, and that has one in the folder."""
    for group in _groups(manifests):
        if any(is_within(member, folder) for member in group):
            yield _of_group(manifests, group)


def _of_group(manifests: ManifestFiles, group: set[str]) -> Layout:
    named = {folder for member in group for folder in manifests.of_kustomization(member)} & group
    tops, called = sorted(group - named), os.path.commonpath(group) or "."
    overlays = [
        top for top in tops if top != called and not _is_trial(top, called) and _below(manifests, top) & named
    ]
    outer = os.path.commonpath([called, *_components(manifests, group)]) or "."
    if overlays:
        common = [_below(manifests, overlay) & named for overlay in overlays]
        base, *more = sorted(set.intersection(*common) or common[0])
        environments = {plain.environment(overlay): overlay for overlay in overlays}
        _check_called(overlays, called)
        return Layout(KUSTOMIZE, outer, base, environments, tuple(more), called)
    base = called if called in tops else tops[0]
    return Layout(KUSTOMIZE, parent(outer) if outer == base else outer, base, called=base)


def _check_called(overlays: list[str], where: str) -> None:
    names = [plain.environment(overlay) for overlay in overlays]
    twice = [overlay for overlay, name in zip(overlays, names, strict=True) if names.count(name) > 1]
    if twice:
        step = "Name the folder of one app with --manifests."
        what = f"several kustomizations would be one environment: {', '.join(twice)}"
        raise AksFlowError(what, where=where, next_step=step)


def _is_trial(overlay: str, top: str) -> bool:
    """Whether it is there to try something out, and no environment."""
    return bool(_TRIALS & set(PurePosixPath(parent(overlay)).relative_to(top).parts))


def _below(manifests: ManifestFiles, folder: str) -> set[str]:
    return set(manifests.of_kustomization(folder, BASES))


def _components(manifests: ManifestFiles, group: set[str]) -> list[str]:
    """The folders of components that a group takes, which need not be within it."""
    return [other for folder in sorted(group) for other in manifests.of_kustomization(folder, COMPONENTS)]


def _groups(manifests: ManifestFiles) -> list[set[str]]:
    """Kustomizations that stand on each other, as sets of folders; those that hold no workload are left out.

    A component connects none: apps that have nothing else in common may take the same one.
    """
    groups: list[set[str]] = []
    for folder in manifests.kustomizations:
        linked = {folder, *_below(manifests, folder) & manifests.kustomizations.keys()}
        for group in [group for group in groups if group & linked]:
            groups.remove(group)
            linked |= group
        groups.append(linked)
    return [group for group in groups if _stands_alone(manifests, group)]


def _stands_alone(manifests: ManifestFiles, group: set[str]) -> bool:
    """Whether it holds a workload, and is more than components that others' kustomizations may take."""
    kinds = {manifests.kustomizations[folder].get("kind") for folder in group}
    return kinds != {"Component"} and any(_holds_workload(manifests, folder) for folder in group)


def _holds_workload(manifests: ManifestFiles, folder: str) -> bool:
    names = set(manifests.of_kustomization(folder))
    return any(file.has_workload for path, file in manifests.files.items() if path in names)


def _plain(manifests: ManifestFiles) -> Iterator[Layout]:
    yield from (_of_plain(manifests, top) for top in plain.places(manifests))


def _of_plain(manifests: ManifestFiles, top: str) -> Layout:
    return Layout(PLAIN, top, top, plain.environments(manifests, top))
