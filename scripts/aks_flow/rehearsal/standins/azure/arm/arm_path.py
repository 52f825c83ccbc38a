"""Where an ARM path points: a resource, a collection or an action, by type and names.

/subscriptions/S/resourceGroups/G/providers/Microsoft.X/things/T            a resource
/subscriptions/S/resourceGroups/G/providers/Microsoft.X/things              their collection
/subscriptions/S/resourceGroups/G/providers/Microsoft.X/things/T/start      an action
{the id of any resource}/providers/Microsoft.Y/assignments/A                a resource on another
"""

from dataclasses import dataclass

RESOURCES = "Microsoft.Resources"


@dataclass(frozen=True)
class ArmPath:
    """scope: what it is in or on ("" at the top). type: ``Microsoft.X/things``, without the last word of a
    collection or action, which is ``tail``. names: one for each type after the namespace."""

    scope: str
    type: str
    names: tuple[str, ...]
    tail: str = ""

    @property
    def name(self) -> str:
        return self.names[-1] if self.names else ""

    @property
    def subscription(self) -> str:
        return _after("subscriptions", self.id)

    @property
    def group(self) -> str:
        return _after("resourcegroups", self.id)

    @property
    def full_type(self) -> str:
        """The type with ``tail``: a collection's members' type, or an action's name."""
        return f"{self.type}/{self.tail}" if self.tail else self.type

    @property
    def id(self) -> str:
        """The id of the resource (for a collection or action: of what it belongs to)."""
        namespace, *types = self.type.split("/")
        words = [word for pair in zip(types, self.names, strict=False) for word in pair]
        if namespace == RESOURCES:
            return "".join(f"/{word}" for word in words)
        return "/".join((self.scope, "providers", namespace, *words)) if words else self.scope


def parse(path: str) -> ArmPath:
    """An ARM path, without its query. Letter case of the fixed words does not matter."""
    words = [word for word in path.split("/") if word]
    lower = [word.lower() for word in words]
    if "providers" not in lower or lower[-1] == "providers":
        return _pairs("", RESOURCES, words)
    at = len(lower) - 1 - lower[::-1].index("providers")
    return _pairs("".join(f"/{word}" for word in words[:at]), words[at + 1], words[at + 2 :])


def _pairs(scope: str, namespace: str, words: list[str]) -> ArmPath:
    whole = len(words) // 2 * 2
    types = ["resourceGroups" if word.lower() == "resourcegroups" else word for word in words[:whole:2]]
    tail = words[whole] if len(words) > whole else ""
    return ArmPath(scope, "/".join((namespace, *types)), tuple(words[1:whole:2]), tail)


def _after(word: str, path: str) -> str:
    words = path.split("/")
    lower = [segment.lower() for segment in words]
    return words[lower.index(word) + 1] if word in lower[:-1] else ""
