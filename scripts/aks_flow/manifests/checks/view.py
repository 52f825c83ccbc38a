"""A manifest's values, read without fear of what is not there, and each with its place in the object."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Step = str | int


@dataclass(frozen=True)
class FieldView:
    """A value and the way to it. What is absent, null, or of another type than was asked for is empty.

    To Kubernetes an absent field and a null one are the same.
    """

    value: Any
    path: tuple[Step, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is a value: 0, "" and an empty list are ones."""
        return self.value is not None

    def __getitem__(self, key: str) -> "FieldView":
        value = self.value.get(key) if isinstance(self.value, Mapping) else None
        return FieldView(value, (*self.path, key))

    def at(self, dotted: str) -> "FieldView":
        """The value at ``spec.template.spec``; for keys that have dots, index."""
        view = self
        for key in dotted.split("."):
            view = view[key]
        return view

    def items(self) -> list["FieldView"]:
        """Those of a list; null ones are none."""
        values = self.value if isinstance(self.value, list) else []
        return [FieldView(value, (*self.path, at)) for at, value in enumerate(values) if value is not None]

    def fields(self) -> list[tuple[str, "FieldView"]]:
        """The keys and values of a map; null values are none, and a key is a text."""
        pairs = self.value.items() if isinstance(self.value, Mapping) else ()
        return [(key, self[key]) for key, value in pairs if isinstance(key, str) and value is not None]

    @property
    def keys(self) -> set[str]:
        return {key for key, _ in self.fields()}

    @property
    def text(self) -> str:
        """A text; "" for anything else."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def number(self) -> int | None:
        """A whole number; None for anything else."""
        return self.value if isinstance(self.value, int) and not isinstance(self.value, bool) else None

    @property
    def name_or_number(self) -> str | int | None:
        """As a port is called; None for anything else."""
        return self.text or self.number
