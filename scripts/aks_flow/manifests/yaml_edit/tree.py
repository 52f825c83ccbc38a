"""The tree of one document, made from the parser's events.

PyYAML's composer would lose what an edit must see: there an alias becomes what it stands for.
"""

from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from aks_flow.manifests.yaml_edit.errors import EditError, at, not_yaml
from aks_flow.manifests.yaml_edit.nodes import Alias, Mapping, Scalar, Sequence, YamlNode, key_of

DEEPEST = 200


class Builder:
    """Makes one document's tree, event by event, without recursion: nesting is the file's to choose."""

    def __init__(self, where: str):
        self.where = where
        self.root: YamlNode | None = None
        self.mappings: list[Mapping] = []
        self.open: list[Mapping | Sequence] = []
        self.keys: list[YamlNode | None] = []  # for each open mapping: the key that waits for its value
        self.anchors: dict[str, YamlNode] = {}
        self.aliased: set[str] = set()

    def take(self, event: Event, index: int) -> None:
        if take := _TAKE.get(type(event)):
            take(self, event, index)

    def _scalar(self, event: ScalarEvent, index: int) -> None:
        self._add(Scalar(event, index))

    def _mapping(self, event: MappingStartEvent, index: int) -> None:
        self.mappings.append(Mapping(event, index))
        self._enter(self.mappings[-1])

    def _sequence(self, event: SequenceStartEvent, index: int) -> None:
        self._enter(Sequence(event, index))

    def _add(self, node: YamlNode) -> None:
        if node.event.anchor is not None and type(node) is not Alias:
            self.anchors[node.event.anchor] = node
        if not self.open:
            self.root = node
            return
        holder = self.open[-1]
        if type(holder) is Sequence:
            holder.items.append(node)
        elif self.keys[-1] is None:
            self.keys[-1] = node
        else:
            node.key, self.keys[-1] = self.keys[-1], None
            holder.pairs.append((node.key, node))

    def _enter(self, node: Mapping | Sequence) -> None:
        self._add(node)
        self.open.append(node)
        self.keys.append(None)
        if len(self.open) > DEEPEST:
            what, place = f"nested deeper than {DEEPEST} levels", at(self.where, node.line)
            raise EditError(what, where=place, next_step="Leave the file out: no manifest is that deep.")

    def _leave(self, event: CollectionEndEvent, index: int) -> None:
        self.keys.pop()
        node = self.open.pop()
        if type(node) is Mapping:
            self._name(node)

    def _name(self, mapping: Mapping) -> None:
        for key, value in mapping.pairs:
            name = key_of(key)
            if name in mapping.named:
                what = f"the key `{name}` is already given on line {mapping.named[name].key.line}"
                raise EditError(what, where=at(self.where, key.line), next_step="Remove one of the two.")
            if name is not None:
                mapping.named[name] = value

    def _alias(self, event: AliasEvent, index: int) -> None:
        target = self.anchors.get(event.anchor)
        if target is None:
            mark = event.start_mark
            raise not_yaml(
                f"nothing is anchored as &{event.anchor}", self.where, mark.line + 1, mark.column + 1
            )
        self.aliased.add(event.anchor)
        self._add(Alias(event, index, target))


_TAKE = {
    ScalarEvent: Builder._scalar,
    MappingStartEvent: Builder._mapping,
    SequenceStartEvent: Builder._sequence,
    AliasEvent: Builder._alias,
    MappingEndEvent: Builder._leave,
    SequenceEndEvent: Builder._leave,
}
