"""The steps of a path: each takes a node and gives the nodes it leads to."""

import re
from dataclasses import dataclass

from aks_flow.manifests.yaml_edit.nodes import Mapping, Sequence, YamlNode, text_of

KEY = r"[\w$/-]+"


@dataclass(frozen=True, slots=True)
class Key:
    name: str

    def of(self, node: YamlNode) -> list[YamlNode]:
        value = node.get(self.name) if isinstance(node, Mapping) else None
        return [value] if value else []

    def __str__(self) -> str:
        return self.name if is_bare(self.name) else f"[{quoted(self.name)}]"


@dataclass(frozen=True, slots=True)
class Index:
    place: int

    def of(self, node: YamlNode) -> list[YamlNode]:
        return node.items[self.place : self.place + 1] if isinstance(node, Sequence) else []

    def __str__(self) -> str:
        return f"[{self.place}]"


@dataclass(frozen=True, slots=True)
class Every:
    def of(self, node: YamlNode) -> list[YamlNode]:
        if isinstance(node, Mapping):
            return node.values()
        return list(node.items) if isinstance(node, Sequence) else []

    def __str__(self) -> str:
        return "[*]"


@dataclass(frozen=True, slots=True)
class Where:
    """The items for which every (path, text) of `terms` holds."""

    terms: tuple[tuple[str, str], ...]

    def of(self, node: YamlNode) -> list[YamlNode]:
        return [item for item in node.items if self.holds(item)] if isinstance(node, Sequence) else []

    def holds(self, node: YamlNode) -> bool:
        return all(_text_at(node, path) == text for path, text in self.terms)

    def __str__(self) -> str:
        return f"[{self.written()}]"

    def written(self) -> str:
        return ",".join(f"{path}={_bare_or_quoted(text)}" for path, text in self.terms)


Step = Key | Index | Every | Where


def _text_at(node: YamlNode, path: str) -> str | None:
    for key in path.split("."):
        target = node.resolved
        node = target.get(key) if isinstance(target, Mapping) else None
        if node is None:
            return None
    return text_of(node)


def _bare_or_quoted(text: str) -> str:
    return text if re.fullmatch(r"[\w./-]+", text) else quoted(text)


def is_bare(name: str) -> bool:
    """Whether a key may stand in a path without quotes."""
    return bool(re.fullmatch(KEY, name))


def quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
