"""A project's manifests under names of the rehearsal's own, so that nothing of anyone else's is met. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

import yaml


@dataclass(frozen=True)
class Renaming:
    """namespaces: each environment's own -> the rehearsal's. project: what Argo CD's project is called."""

    namespaces: Mapping[str, str]
    project: str

    def applied(self, text: str) -> str:
        """A file of manifests with the new names; every other byte stays.

        A template, which is no YAML yet, gets them in the names of Services (``db.shop-dev.svc``) alone.
        """
        return self._in_service_names(self._in_fields(text))

    def _in_fields(self, text: str) -> str:
        try:
            documents = list(yaml.compose_all(text, yaml.SafeLoader))
        except yaml.YAMLError:
            return text
        found = [change for document in documents if document for change in self._changes(document)]
        for scalar, name in sorted(found, key=lambda change: change[0].start_mark.index, reverse=True):
            text = f"{text[: scalar.start_mark.index]}{name}{text[scalar.end_mark.index :]}"
        return text

    def _changes(self, document: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, str]]:
        yield from self._namespace_fields(document)
        yield from self._admitted_namespaces(document)
        for field, names in self._own_names(_text(document, "kind")):
            scalar = _field(document, *field)
            if scalar is not None and scalar.value in names:
                yield scalar, names[scalar.value]

    def _namespace_fields(self, node: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, str]]:
        if isinstance(node, yaml.SequenceNode):
            for item in node.value:
                yield from self._namespace_fields(item)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                is_name = key.value == "namespace" and isinstance(value, yaml.ScalarNode)
                if is_name and value.value in self.namespaces:
                    yield value, self.namespaces[value.value]
                yield from self._namespace_fields(value)

    def _admitted_namespaces(self, document: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, str]]:
        """The names, or the pattern of them, of Namespaces that an Argo CD project permits."""
        admitted = _node(document, "spec", "clusterResourceWhitelist")
        for item in admitted.value if isinstance(admitted, yaml.SequenceNode) else []:
            scalar = _field(item, "name")
            if scalar is None or _text(item, "kind") != "Namespace":
                continue
            if scalar.value in self.namespaces:
                yield scalar, self.namespaces[scalar.value]
            elif self._is_theirs(scalar.value):
                yield scalar, f"{self.project}-*"

    def _is_theirs(self, pattern: str) -> bool:
        """Whether a pattern is of some of the project's namespaces, and not of all of the rehearsal's."""
        old, new = self.namespaces, self.namespaces.values()
        return any(fnmatchcase(name, pattern) for name in old) and not all(
            fnmatchcase(name, pattern) for name in new
        )

    def _own_names(self, kind: str) -> list[tuple[tuple[str, ...], Mapping[str, str]]]:
        """The fields in which an object of a kind names itself or its project, with the names for each."""
        name, any_project = ("metadata", "name"), _Always(self.project)
        return {
            "Namespace": [(name, self.namespaces)],
            "Application": [(name, self.namespaces), (("spec", "project"), any_project)],
            "AppProject": [(name, any_project)],
        }.get(kind, [])

    def _in_service_names(self, text: str) -> str:
        for old, new in self.namespaces.items():
            text = re.sub(rf"(?<=[\w-]\.){re.escape(old)}(?=\.svc\b)", new, text)
        return text


class _Always(dict):
    """One name instead of any."""

    def __init__(self, name: str):
        super().__init__()
        self._name = name

    def __contains__(self, _: object) -> bool:
        return True

    def __missing__(self, _: object) -> str:
        return self._name


def _node(node: yaml.Node | None, *path: str) -> yaml.Node | None:
    for key in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        node = next((value for name, value in pairs if name.value == key), None)
    return node


def _field(node: yaml.Node | None, *path: str) -> yaml.ScalarNode | None:
    found = _node(node, *path)
    return found if isinstance(found, yaml.ScalarNode) else None


def _text(node: yaml.Node, *path: str) -> str:
    scalar = _field(node, *path)
    return scalar.value if scalar is not None else ""
