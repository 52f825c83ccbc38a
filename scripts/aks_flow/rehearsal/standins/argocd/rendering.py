"""A folder of a commit -> the objects it describes."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from aks_flow.rehearsal.standins.argocd.programs import Programs
from aks_flow.rehearsal.standins.argocd.repository import SourceError
from aks_flow.tools.kubectl import kustomize

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_MANIFEST = re.compile(r".+\.(ya?ml|json)")


async def render(programs: Programs, root: Path, source: dict) -> tuple[str, list[dict]]:
    """(source type, objects) of ``source.path`` under ``root``; SourceError with the reason."""
    folder = (root / source["path"]).resolve()
    if not folder.is_relative_to(root.resolve()) or not folder.is_dir():
        raise SourceError(f"{source['path']}: app path does not exist")
    if any((folder / name).is_file() for name in KUSTOMIZATIONS):
        return "Kustomize", _objects(await _kustomize(programs, root, folder), source["path"])
    return "Directory", _directory(root, folder, bool((source.get("directory") or {}).get("recurse")))


async def _kustomize(programs: Programs, root: Path, folder: Path) -> str:
    answer = await programs(kustomize.render(folder))
    if answer.code:
        said = answer.error_text.strip().replace(f"{root.resolve()}/", "").replace(f"{root}/", "")
        raise SourceError(f"`kustomize build {folder.relative_to(root.resolve())}` failed: {said}")
    return answer.text


def _directory(root: Path, folder: Path, recurse: bool) -> list[dict]:
    files = sorted(folder.rglob("*") if recurse else folder.iterdir())
    manifests = [file for file in files if file.is_file() and _MANIFEST.fullmatch(file.name)]
    return [
        item
        for file in manifests
        for item in _objects(file.read_text(errors="replace"), str(file.relative_to(root.resolve())))
    ]


def _objects(text: str, where: str) -> list[dict]:
    try:
        documents = list(yaml.load_all(text, LOADER))
    except yaml.YAMLError as error:
        raise SourceError(f'Failed to unmarshal "{where}": {" ".join(str(error).split())}') from error
    return [item for document in documents if document for item in _flat(document, where)]


def _flat(document: object, where: str) -> Iterator[dict]:
    """The object, or the items of a List."""
    if not isinstance(document, dict) or not document.get("kind") or not document.get("apiVersion"):
        raise SourceError(f"Failed to unmarshal \"{where}\": Object 'Kind' is missing")
    if document["kind"] == "List":
        for item in document.get("items") or ():
            yield from _flat(item, where)
    elif not {"name", "generateName"} & (document.get("metadata") or {}).keys():
        raise SourceError(f'"{where}": a {document["kind"]} has no name')
    else:
        yield document
