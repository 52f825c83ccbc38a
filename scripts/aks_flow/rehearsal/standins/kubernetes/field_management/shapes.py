"""What an object's values are to its owners: owned field by field, item by item, or as a whole.

Rules: https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.schema import models
from aks_flow.rehearsal.standins.kubernetes.schema.models import ModelField

# The one key of the built-in lists that may be left out.
_KEY_DEFAULTS = {"protocol": "TCP"}


class Shape(Protocol):
    """granular: an object's fields have owners of their own, one by one.

    keys: what tells a list's items apart; () if they themselves do, None if the list has one owner.
    key_defaults: keys that an item may leave out.
    """

    granular: bool
    keys: tuple[str, ...] | None
    key_defaults: dict[str, object]

    def field(self, name: str) -> "Shape":
        """The shape of an object's field or of a map's entry."""

    def declares(self, name: str) -> bool:
        """Whether an object has a field, as opposed to a map that has an entry."""

    def item(self) -> "Shape":
        """The shape of a list's items."""


@dataclass(frozen=True)
class Model:
    """A value of a built-in kind. name: its model, "" for scalars. container, structure: as in ``models``."""

    name: str
    container: str = ""
    structure: str = "granular"

    key_defaults = _KEY_DEFAULTS

    @property
    def granular(self) -> bool:
        return self.structure == "granular"

    @property
    def keys(self) -> tuple[str, ...] | None:
        if self.container != "[]" or self.structure == "atomic":
            return None
        return () if self.structure == "set" else tuple(self.structure.split(","))

    def field(self, name: str) -> Shape:
        if self.container == "map[string]":
            return _single(self.name)
        if not self.declares(name):
            return UNKNOWN
        return _of_field(self.name, name, models.fields(self.name)[name])

    def declares(self, name: str) -> bool:
        return not self.container and bool(self.name) and name in models.fields(self.name)

    def item(self) -> Shape:
        return _single(self.name)


@dataclass(frozen=True)
class Unknown:
    """What no schema describes: objects are granular, lists are not."""

    granular = True
    keys = None
    key_defaults = {}

    def field(self, name: str) -> Shape:
        return self

    def declares(self, name: str) -> bool:
        return False

    def item(self) -> Shape:
        return self


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Structural:
    """A value of a custom kind, as its structural schema has it. root: the object itself, with metadata."""

    schema: dict
    root: bool = False

    @property
    def granular(self) -> bool:
        return self.schema.get("x-kubernetes-map-type") != "atomic"

    @property
    def keys(self) -> tuple[str, ...] | None:
        kind = self.schema.get("x-kubernetes-list-type", "atomic")
        return None if kind == "atomic" else tuple(self.schema.get("x-kubernetes-list-map-keys") or ())

    @property
    def key_defaults(self) -> dict[str, object]:
        fields = (self.schema.get("items") or {}).get("properties") or {}
        return {
            name: field_schema["default"]
            for name, field_schema in fields.items()
            if "default" in field_schema
        }

    def field(self, name: str) -> Shape:
        if self.root and name == "metadata":
            return Model("meta/v1.ObjectMeta")
        extra = self.schema.get("additionalProperties")
        known = (self.schema.get("properties") or {}).get(name, extra)
        return Structural(known) if isinstance(known, dict) else UNKNOWN

    def declares(self, name: str) -> bool:
        return self.root and name == "metadata" or name in (self.schema.get("properties") or {})

    def item(self) -> Shape:
        return Structural(self.schema.get("items") or {})


def of(kind: Kind) -> Shape:
    """The shape of a kind's objects."""
    return Structural(kind.schema, root=True) if kind.is_custom else Model(models.model_name(kind))


def element(shape: Shape, item: object) -> str:
    """An item's place in a list that is owned item by item: ``k:{"name":"web"}``, or ``v:"x"``."""
    if not shape.keys or not isinstance(item, dict):
        return f"v:{_text(item)}"
    given = shape.key_defaults | item
    return f"k:{_text({key: given[key] for key in shape.keys if key in given})}"


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


@cache
def _of_field(model: str, name: str, field: ModelField) -> Shape:
    inner = field.type if field.is_model else ""
    structure = models.structure(model, name)
    if field.container:
        return Model(inner, field.container, structure)
    if field.type == "any":
        return UNKNOWN
    return Model(inner, "", structure or (models.structure(inner) if inner else "granular"))


@cache
def _single(name: str) -> Shape:
    return Model(name, "", models.structure(name) if name else "granular")
