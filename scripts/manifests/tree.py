"""The tree of one document, made from the parser's events.

PyYAML's composer would lose what an edit must see: there an alias becomes what it stands for.
"""

from yaml import events as ev

from scripts.manifests.errors import EditError, at, not_yaml
from scripts.manifests.nodes import Alias, Mapping, Node, Scalar, Sequence

DEEPEST = 200


class Builder:
    """Makes one document's tree, event by event, without recursion: nesting is the file's to choose."""

    def __init__(self, where: str):
        self.where = where
        self.root: Node | None = None
        self.open: list[Mapping | Sequence] = []
        self.keys: list[Node | None] = []  # for each open mapping: the key that waits for its value
        self.anchors: dict[str, Node] = {}
        self.aliased: set[str] = set()

    def take(self, event: ev.Event, index: int) -> None:
        kind = type(event)
        if kind is ev.ScalarEvent:
            self._add(Scalar(event, index))
        elif kind is ev.MappingStartEvent:
            self._enter(Mapping(event, index))
        elif kind is ev.SequenceStartEvent:
            self._enter(Sequence(event, index))
        elif kind is ev.AliasEvent:
            self._add(self._alias(event, index))
        elif kind is ev.MappingEndEvent or kind is ev.SequenceEndEvent:
            self._leave()

    def _add(self, node: Node) -> None:
        if node.event.anchor is not None and not isinstance(node, Alias):
            self.anchors[node.event.anchor] = node
        if not self.open:
            self.root = node
            return
        node.parent = holder = self.open[-1]
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
            raise EditError(f"nested deeper than {DEEPEST} levels", where=at(self.where, node.line))

    def _leave(self) -> None:
        self.keys.pop()
        node = self.open.pop()
        if type(node) is Mapping:
            names = [key.value for key, _ in node.pairs if type(key) is Scalar]
            if len(set(names)) != len(names):
                raise self._repeated(node)

    def _alias(self, event: ev.Event, index: int) -> Alias:
        target = self.anchors.get(event.anchor)
        if target is None:
            mark = event.start_mark
            raise not_yaml(
                f"nothing is anchored as &{event.anchor}", self.where, mark.line + 1, mark.column + 1
            )
        self.aliased.add(event.anchor)
        return Alias(event, index, target)

    def _repeated(self, node: Mapping) -> EditError:
        seen: dict[str, int] = {}
        for key in (key for key, _ in node.pairs if type(key) is Scalar):
            if key.value in seen:
                return EditError(
                    f"the key `{key.value}` is already given on line {seen[key.value]}",
                    where=at(self.where, key.line),
                    next_step="Remove one of the two.",
                )
            seen[key.value] = key.line
        raise AssertionError("called for a mapping without a repeated key")
