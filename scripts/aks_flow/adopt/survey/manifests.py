"""A repository's manifests: files with Kubernetes objects, kustomizations and charts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePosixPath

from aks_flow.adopt.survey.tree import WorkTree, is_within, parent
from aks_flow.core import yaml_text
from aks_flow.manifests.layout import KUSTOMIZATIONS, LEADING, named

WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "Pod"}
CHART = "Chart.yaml"
_FIELDS = {"apiVersion": str, "kind": str, "metadata": dict}  # of every object
# What is configured with files that look like objects of the app: Argo CD, Flux, Skaffold, kind, kustomize.
_OTHERS = ("argoproj.io/", "fluxcd.io/", "skaffold/", "kind.x-k8s.io/", "kustomize.config.k8s.io/", "builtin")


@dataclass(frozen=True)
class ManifestFile:
    """A file that holds objects of an app."""

    path: str
    objects: tuple[dict, ...]

    @property
    def has_workload(self) -> bool:
        return any(item["kind"] in WORKLOADS for item in self.objects)


@dataclass(frozen=True)
class ManifestFiles:
    """files: with objects, by path, but for those of charts. kustomizations: what each says, by its folder.

    charts: their folders, but for charts within charts. broken: why a file is no YAML, by path.
    """

    files: dict[str, ManifestFile] = field(default_factory=dict)
    kustomizations: dict[str, dict] = field(default_factory=dict)
    charts: tuple[str, ...] = ()
    broken: dict[str, str] = field(default_factory=dict)

    def below(self, folder: str) -> "ManifestFiles":
        """What of it is in a folder."""
        return ManifestFiles(
            {path: file for path, file in self.files.items() if is_within(path, folder)},
            {path: data for path, data in self.kustomizations.items() if is_within(path, folder)},
            tuple(chart for chart in self.charts if is_within(chart, folder)),
            {path: why for path, why in self.broken.items() if is_within(path, folder)},
        )

    def of_kustomization(self, folder: str, fields: tuple[str, ...] = LEADING) -> Iterator[str]:
        """The files and folders that a kustomization names, which may be none of the repository's."""
        return named(self.kustomizations[folder], folder, fields)


def find_manifests(tree: WorkTree) -> ManifestFiles:
    """All of them; what lies in hidden folders is not looked at."""
    charts = _outermost({parent(path) for path in tree.files if PurePosixPath(path).name == CHART})
    found = ManifestFiles(charts=charts)
    for path in tree.files:
        name, hidden = (
            PurePosixPath(path).name,
            any(part.startswith(".") for part in PurePosixPath(path).parts),
        )
        if hidden or any(is_within(path, chart) for chart in charts):
            continue
        if name in KUSTOMIZATIONS or name.endswith((".yaml", ".yml", ".json")):
            _take(tree, path, found)
    return found


def _outermost(folders: set[str]) -> tuple[str, ...]:
    inner = {
        folder for folder in folders for other in folders if folder != other and is_within(folder, other)
    }
    return tuple(sorted(folders - inner))


def _take(tree: WorkTree, path: str, found: ManifestFiles) -> None:
    text = tree.text(path)
    is_kustomization = PurePosixPath(path).name in KUSTOMIZATIONS
    if not is_kustomization and not ("apiVersion" in text and "kind" in text):
        return
    try:
        documents = list(yaml_text.load_all(text))
    except yaml_text.NotYaml as error:
        found.broken[path] = _why(error)
        return
    if is_kustomization:
        found.kustomizations[parent(path)] = next((item for item in documents if isinstance(item, dict)), {})
    elif objects := tuple(filter(_is_of_app, chain.from_iterable(map(objects_in, documents)))):
        found.files[path] = ManifestFile(path, objects)


def _why(error: yaml_text.NotYaml) -> str:
    line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
    return f"{line}{error.problem}"


def objects_in(document: object) -> Iterator[dict]:
    """The object that a document is, or those of its list; a delivery refuses anything else."""
    if not isinstance(document, dict):
        return
    if isinstance(document.get("items"), list):
        for item in document["items"]:
            yield from objects_in(item)
    elif all(isinstance(document.get(key), kind) for key, kind in _FIELDS.items()):
        yield document


def _is_of_app(item: dict) -> bool:
    return not any(other in item["apiVersion"] for other in _OTHERS)
