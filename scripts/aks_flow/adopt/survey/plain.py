"""Plain manifests of a repository: the folders that they may be delivered from, and what else is in one."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath

from aks_flow.adopt.survey.manifests import ManifestFile, ManifestFiles
from aks_flow.adopt.survey.tree import WorkTree, is_within, parent
from aks_flow.core.errors import AksFlowError

_ENVIRONMENT = re.compile(r"(dev|test|int|qa|uat|stag|stg|preprod|prod|live)\w*", re.IGNORECASE)
_DELIVERED = (".yaml", ".yml", ".json")  # all of a folder, whatever it holds


def places(manifests: ManifestFiles) -> Iterator[str]:
    """The folder of all workloads that no kustomization takes, with what stands beside them.

    Where they have no folder in common there is one for each of the repository's own: the top is none.
    """
    own = _untaken(manifests)
    for first in sorted({_first(path) for path in own if manifests.files[path].has_workload}):
        inside = [parent(path) for path in own if _first(path) == first]
        yield above_environment(os.path.commonpath(inside))


def environments(manifests: ManifestFiles, top: str) -> dict[str, str]:
    """The folders below it that are an environment's, by its name: what is common may lie beside them.

    A single folder that has no workload is what an environment is called like, and no more.
    """
    files: dict[str, list[str]] = {}
    for path in _untaken(manifests):
        for folder in map(str, PurePosixPath(path).parents):
            if is_within(folder, top) and _ENVIRONMENT.fullmatch(PurePosixPath(folder).name):
                files.setdefault(folder, []).append(path)
    return {
        environment(folder): folder
        for folder in sorted(files)
        if len(files) > 1 or any(manifests.files[path].has_workload for path in files[folder])
    }


def environment(folder: str) -> str:
    """What an environment is called after its folder: a name that Kubernetes takes too."""
    return PurePosixPath(folder).name.lower().replace("_", "-")


def above_environment(top: str) -> str:
    """The folder above one that is an environment's: its neighbours are others'."""
    return str(PurePosixPath(parent(top) if _ENVIRONMENT.fullmatch(PurePosixPath(top).name) else top))


def check_folder(tree: WorkTree, manifests: ManifestFiles, top: str) -> None:
    """AksFlowError if it holds YAML or JSON that is none of the app's objects: a delivery takes all of it."""
    if top == ".":
        files = [path for path in manifests.files if parent(path) == "."] or sorted(manifests.files)
        what = "manifests at the repository's top are not told from its other YAML and JSON"
        move = f"mkdir k8s && git mv {shlex.quote(files[0])} k8s/"
        step = f"Move what is delivered into a folder of its own, as in `{move}`."
        raise AksFlowError(what, where=files[0], next_step=step)
    read = {*manifests.files, *manifests.broken}
    for path in tree.below(top):
        hidden = any(part.startswith(".") for part in PurePosixPath(path).relative_to(top).parts)
        if path.endswith(_DELIVERED) and not hidden and path not in read and _says_something(tree, path):
            what = f"this holds no object of the app, and a delivery takes all YAML and JSON in {top}"
            step = "Move it out of that folder, or name one that holds manifests alone with --manifests."
            raise AksFlowError(what, where=path, next_step=step)


def check_once(files: list[ManifestFile], top: str) -> None:
    """AksFlowError if two files of an environment have the same object, as alternatives to each other do."""
    seen: dict[tuple[str, ...], str] = {}
    for file in files:
        for item in file.objects:
            group = item["apiVersion"].rpartition("/")[0]
            name, namespace = (str(item["metadata"].get(key, "")) for key in ("name", "namespace"))
            other = seen.setdefault((group, item["kind"], namespace, name), file.path)
            if name and other != file.path:
                what = f"{item['kind']}/{name} is in {other} too, and a delivery takes all files in {top}"
                step = f"Move one of the two out of {top}, or name another folder with --manifests."
                raise AksFlowError(what, where=file.path, next_step=step)


def _says_something(tree: WorkTree, path: str) -> bool:
    lines = (line.strip() for line in tree.text(path).splitlines())
    return any(line and line != "---" and not line.startswith("#") for line in lines)


def _untaken(manifests: ManifestFiles) -> list[str]:
    """The files that no kustomization names, and that are in no folder of one."""
    taken = {path for other in manifests.kustomizations for path in manifests.of_kustomization(other)}
    return [
        path
        for path in manifests.files
        if path not in taken and not any(is_within(path, other) for other in manifests.kustomizations)
    ]


def _first(path: str) -> str:
    """The first folder of a path, ``.`` at the top."""
    return PurePosixPath(path).parts[0] if parent(path) != "." else "."
