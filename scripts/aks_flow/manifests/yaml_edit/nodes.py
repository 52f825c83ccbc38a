"""The nodes of a YAML text. Each knows the parser's event behind it, and so its exact place in the text."""

from yaml.events import Event

from aks_flow.manifests.yaml_edit.plain import NULLS, reads_as_text

MERGE = "<<"


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

    def children(self) -> list["YamlNode"]:
        """What it holds, in the order of the text."""
        return []

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

    @property
    def is_null(self) -> bool:
        """Whether a reader takes it for no value at all."""
        return not self.style and not self.event.tag and self.value in NULLS


class Alias(YamlNode):
    __slots__ = ("target",)

    def __init__(self, event: Event, index: int, target: YamlNode):
        super().__init__(event, index)
        self.target = target

    @property
    def resolved(self) -> YamlNode:
        return self.target


class Mapping(YamlNode):
    """`pairs` in the order of the text; `named` its own values whose key is a scalar, by the key's text."""

    __slots__ = ("pairs", "named")

    def __init__(self, event: Event, index: int):
        super().__init__(event, index)
        self.pairs: list[tuple[YamlNode, YamlNode]] = []
        self.named: dict[str, YamlNode] = {}

    def get(self, key: str) -> YamlNode | None:
        """The value of a key: the mapping's own, or the one that ``<<`` brings in."""
        value = self.named.get(key)
        if value is not None or MERGE not in self.named:
            return value
        return next((mapping.named[key] for mapping in self.merged() if key in mapping.named), None)

    def merged(self) -> list["Mapping"]:
        """The mappings that ``<<`` brings in, and those that they bring in, the one that wins first."""
        mappings: list[Mapping] = []
        waiting = self._merges()
        while waiting:
            mapping = waiting.pop(0)
            if not any(mapping is known for known in (self, *mappings)):
                mappings.append(mapping)
                waiting = mapping._merges() + waiting
        return mappings

    def _merges(self) -> list["Mapping"]:
        value = self.named.get(MERGE)
        if value is None or value.key.style:  # a quoted `<<` is a key as any other
            return []
        target = value.resolved
        sources = target.items if isinstance(target, Sequence) else [target]
        return [source.resolved for source in sources if isinstance(source.resolved, Mapping)]

    def values(self) -> list[YamlNode]:
        """The value of every key, those that ``<<`` brings in behind the mapping's own."""
        merge = self.named.get(MERGE) if self._merges() else None
        values, names = [value for _, value in self.pairs if value is not merge], {*self.named, MERGE}
        for mapping in self.merged():
            values += [value for name, value in mapping.named.items() if name not in names]
            names |= mapping.named.keys()
        return values

    def text(self, key: str) -> str:
        """The scalar at `key` (an alias followed), "" where there is none or null."""
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
    """The text of a scalar or of an alias to one; None for anything else, null too."""
    target = node.resolved if node else None
    return target.value if isinstance(target, Scalar) and not target.is_null else None


def key_of(node: YamlNode | None) -> str | None:
    """A key as it is written, an alias followed; None for a collection."""
    target = node.resolved if node else None
    return target.value if isinstance(target, Scalar) else None
