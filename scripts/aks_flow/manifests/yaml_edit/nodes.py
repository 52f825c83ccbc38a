"""The nodes of a YAML text. Each knows the parser's event behind it, and so its exact place in the text."""

from yaml.events import Event

from aks_flow.manifests.yaml_edit.plain import reads_as_text


class YamlNode:
    """A node of the tree.

    index: the place of its event in `YamlSource.events`.
    key: for a value of a mapping, the node of its key.
    """

    __slots__ = ("event", "index", "key")

    def __init__(self, event: Event, index: int):
        self.event, self.index = event, index
        self.key: YamlNode | None = None

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
    def resolved(self) -> "YamlNode":
        """What an alias stands for; any other node itself."""
        return self


class Scalar(YamlNode):
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


class Alias(YamlNode):
    __slots__ = ("target",)

    def __init__(self, event: Event, index: int, target: YamlNode):
        super().__init__(event, index)
        self.target = target

    @property
    def resolved(self) -> YamlNode:
        return self.target


class Mapping(YamlNode):
    """`pairs` in the order of the text; `named` the values whose key is a scalar, by its text."""

    __slots__ = ("pairs", "named")

    def __init__(self, event: Event, index: int):
        super().__init__(event, index)
        self.pairs: list[tuple[YamlNode, YamlNode]] = []
        self.named: dict[str, YamlNode] = {}

    def get(self, key: str) -> YamlNode | None:
        return self.named.get(key)

    def text(self, key: str) -> str:
        """The scalar at `key` (an alias followed), "" where there is none."""
        return text_of(self.get(key)) or ""

    def children(self) -> list[YamlNode]:
        """Keys and values, in the order of the text."""
        return [node for pair in self.pairs for node in pair]


class Sequence(YamlNode):
    __slots__ = ("items",)

    def __init__(self, event: Event, index: int):
        super().__init__(event, index)
        self.items: list[YamlNode] = []

    def children(self) -> list[YamlNode]:
        return self.items


def text_of(node: YamlNode | None) -> str | None:
    """The text of a scalar or of an alias to one; None for anything else."""
    target = node.resolved if node else None
    return target.event.value if type(target) is Scalar else None
