"""Where a finding is: the file and line that a rendered object, and a field of it, come from."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aks_flow.manifests.checks.view import FieldView, Step
from aks_flow.manifests.yaml_edit.errors import EditError
from aks_flow.manifests.yaml_edit.file_text import read_file
from aks_flow.manifests.yaml_edit.nodes import Mapping, Sequence, YamlNode
from aks_flow.manifests.yaml_edit.source import read

GENERATORS = ("configMapGenerator", "secretGenerator")


@dataclass(frozen=True)
class FilePlace:
    """file: relative to the project, or an address if it is of another repository. line: 0 of such a file."""

    file: str
    line: int


class FilePlaces:
    """The places of one project, at `root`; every file is read once."""

    def __init__(self, root: Path):
        self.root = root
        self._texts: dict[Path, list[YamlNode]] = {}

    def of(self, item: FieldView, at: FieldView, file: Path) -> FilePlace:
        """The line of a field where the object is written, or of what is nearest to it.

        item: the rendered object. file: that it comes from; a kustomization, if it was generated.
        """
        name = os.path.relpath(file, self.root)
        root = _object_in(self._roots(file), item) or _generator_in(
            self._roots(file), item["metadata"]["name"].text
        )
        return FilePlace(name, _line(root, item.value, at.path) if root else 1)

    def _roots(self, file: Path) -> list[YamlNode]:
        if file not in self._texts:
            self._texts[file] = _documents(file)
        return self._texts[file]


def _documents(file: Path) -> list[YamlNode]:
    """The objects of a file, those of Lists too; none if it cannot be read."""
    try:
        documents = read(read_file(file), str(file)).documents
    except EditError:
        return []
    roots = [document.root.resolved for document in documents]
    return [item for root in roots for item in _unpacked(root)]


def _unpacked(root: YamlNode) -> Iterator[YamlNode]:
    yield root
    items = root.get("items") if isinstance(root, Mapping) else None
    yield from (item.resolved for item in (items.resolved.items if isinstance(items, Sequence) else ()))


def _object_in(roots: list[YamlNode], item: FieldView) -> Mapping | None:
    """The one of the object's kind and name; kustomize may have put something before and behind the name."""
    same = [root for root in roots if isinstance(root, Mapping) and root.text("kind") == item["kind"].text]
    name = item["metadata"]["name"].text
    equal = [root for root in same if _name(root) == name]
    alike = [root for root in same if _name(root) and _name(root) in name]
    return next(iter([*equal, *alike]), None)


def _name(root: Mapping) -> str:
    metadata = root.get("metadata")
    return metadata.resolved.text("name") if metadata and isinstance(metadata.resolved, Mapping) else ""


def _generator_in(roots: list[YamlNode], name: str) -> YamlNode | None:
    """The entry of a kustomization that makes an object of that name."""
    for root in roots:
        for kind in GENERATORS if isinstance(root, Mapping) else ():
            entries = root.get(kind)
            for entry in entries.resolved.items if entries and isinstance(entries.resolved, Sequence) else ():
                if isinstance(entry, Mapping) and entry.text("name") and entry.text("name") in name:
                    return entry
    return None


def _line(root: YamlNode, value: Any, path: tuple[Step, ...]) -> int:
    node = root
    for step in path:
        child = _child(node.resolved, value, step)
        if child is None:
            break
        node, value = child, _below(value, step)
    return node.key.line if node.key else node.line


def _child(node: YamlNode, value: Any, step: Step) -> YamlNode | None:
    if isinstance(node, Mapping):
        return node.get(str(step))
    if not isinstance(node, Sequence) or not isinstance(step, int):
        return None
    name = FieldView(_below(value, step))["name"].text
    named = (item for item in node.items if isinstance(item, Mapping) and name and item.text("name") == name)
    return next(named, node.items[step] if step < len(node.items) else None)


def _below(value: Any, step: Step) -> Any:
    """What is there in the rendered object; None if it has less than the file."""
    if isinstance(step, str):
        return FieldView(value)[step].value
    return value[step] if isinstance(value, list) and step < len(value) else None
