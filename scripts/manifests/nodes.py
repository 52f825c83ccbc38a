"""The nodes of a YAML text. Each knows the parser's event behind it, and so its exact place in the text."""

from collections.abc import Iterator

from yaml.events import Event

from scripts.manifests.plain import reads_as_text


class Node:
    """A node of the tree.

    index: the place of its event in `Source.events`.
    parent, key: the collection that holds it; in a mapping, the node of its key.
    """

    __slots__ = ("event", "index", "parent", "key")

    def __init__(self, event: Event, index: int):
        self.event, self.index = event, index
        self.parent: Mapping | Sequence | None = None
        self.key: Node | None = None

    @property
    def start(self) -> int:
        return self.event.start_mark.index

    @property
    def end(self) -> int:
        return self.event.end_mark.index

    @property
    def line(self) -> int:
        return self.event.start_mark.line + 1

    @property
    def column(self) -> int:
        return self.event.start_mark.column

    @property
    def anchor(self) -> str | None:
        return self.event.anchor

    @property
    def resolved(self) -> "Node":
        """What an alias stands for; any other node itself."""
        return self

    def holders(self) -> Iterator["Mapping | Sequence"]:
        """The collections around it, innermost first."""
        holder = self.parent
        while holder is not None:
            yield holder
            holder = holder.parent

    @property
    def in_flow(self) -> bool:
        return any(holder.event.flow_style for holder in self.holders())


class Scalar(Node):
    __slots__ = ()

    @property
    def value(self) -> str:
        """The text, without quotes and escapes, whatever type a reader makes of it."""
        return self.event.value

    @property
    def style(self) -> str:
        """``"``, ``'``, ``|``, ``>`` or, for a plain scalar, nothing."""
        return self.event.style or ""

    @property
    def is_text(self) -> bool:
        """Whether every reader takes it for a string."""
        return bool(self.style) or reads_as_text(self.value)

    @property
    def is_empty(self) -> bool:
        """Whether the value was left out: `key:` and nothing behind it."""
        return self.start == self.end


class Alias(Node):
    __slots__ = ("target",)

    def __init__(self, event: Event, index: int, target: Node):
        super().__init__(event, index)
        self.target = target

    @property
    def resolved(self) -> Node:
        return self.target


class Mapping(Node):
    __slots__ = ("pairs",)

    def __init__(self, event: Event, index: int):
        super().__init__(event, index)
        self.pairs: list[tuple[Node, Node]] = []

    def get(self, key: str) -> Node | None:
        return next((value for name, value in self.pairs if text_of(name) == key), None)

    def text(self, key: str) -> str:
        """The scalar at `key` (an alias followed), "" where there is none."""
        return text_of(self.get(key)) or ""

    def keys(self) -> list[str]:
        return [text for text in (text_of(name) for name, _ in self.pairs) if text is not None]


class Sequence(Node):
    __slots__ = ("items",)

    def __init__(self, event: Event, index: int):
        super().__init__(event, index)
        self.items: list[Node] = []


def text_of(node: Node | None) -> str | None:
    """The text of a scalar or of an alias to one; None for anything else."""
    target = node.resolved if node else None
    return target.value if isinstance(target, Scalar) else None
