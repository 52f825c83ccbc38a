"""The models of the built-in kinds: every field's type, merge key and number in the binary form.

Data: models.json, written by scripts/dev/generate_schema.py from the types inside kubectl.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

_FIELD = re.compile(
    r"(?P<pointer>\*)?(?P<container>\[\]|map\[string\])?(?P<element_pointer>\*)?(?P<type>[^? ]+)"
    r"(?P<optional>\?)? (?P<number>\d+) ?(?P<strategy>[^:]*):?(?P<merge_key>.*)"
)


@dataclass(frozen=True, slots=True)
class ModelField:
    """One field. type: a scalar, "Time", "Quantity", "IntOrString", "any", or the name of a model.

    container: "", "[]" or "map[string]". pointer: absent differs from zero. number: 0 if it has no binary
    form. strategy: "", "merge", "retainKeys", "merge,retainKeys". merge_key: "" for lists of scalars.
    """

    type: str
    container: str
    pointer: bool
    optional: bool
    number: int
    strategy: str
    merge_key: str

    @property
    def is_model(self) -> bool:
        return "/" in self.type


@cache
def _texts() -> dict[str, dict[str, str]]:
    return json.loads(Path(__file__).with_name("models.json").read_bytes())


@cache
def fields(model: str) -> dict[str, ModelField]:
    """The fields as JSON has them: what lies inline in Go is at the same level. KeyError: no such model."""
    by_name: dict[str, ModelField] = {}
    for name, text in _texts()[model].items():
        field = _parse(text)
        by_name |= fields(field.type) if name.startswith("<") else {name: field}
    return by_name


@cache
def numbered(model: str) -> dict[int, tuple[str, ModelField]]:
    """The fields by their number in the binary form; a name in angle brackets lies inline in JSON."""
    parsed = ((name, _parse(text)) for name, text in _texts()[model].items())
    return {field.number: (name, field) for name, field in parsed if field.number}


@cache
def _parse(text: str) -> ModelField:
    part = _FIELD.fullmatch(text).groupdict()
    return ModelField(
        part["type"], part["container"] or "", bool(part["pointer"]), bool(part["optional"]),
        int(part["number"]), part["strategy"], part["merge_key"],
    )  # fmt: skip


@cache
def _structures() -> dict[str, str]:
    return json.loads(Path(__file__).with_name("structure.json").read_bytes())


def structure(model: str, name: str = "") -> str:
    """How a model, or a field of it, is owned: "atomic", "granular", "set", or the keys of a list's items.

    Data: structure.json, written by scripts/dev/generate_structure.py, and what merge keys say.
    """
    if not name:
        return _structures().get(model, "granular")
    return _structures().get(f"{model}.{name}") or default_structure(fields(model)[name])


def default_structure(field: ModelField) -> str:
    """What holds where nothing else is said: maps are granular, lists are as strategic patches merge them."""
    if field.container != "[]":
        return "granular" if field.container else ""
    return (field.merge_key or "set") if "merge" in field.strategy else "atomic"


def model_name(kind: Kind) -> str | None:
    """``apps/v1.Deployment``; None for a custom kind, whose fields are not known here."""
    return None if kind.is_custom else name_of(kind.api_version, kind.kind)


def name_of(api_version: str, kind: str) -> str | None:
    """The model behind an apiVersion and a kind; options of any group are the common ones."""
    group, _, version = api_version.rpartition("/")
    candidates = (f"{(group or 'core').split('.')[0]}/{version}.{kind}", f"meta/v1.{kind}")
    return next((name for name in candidates if name in _texts()), None)
