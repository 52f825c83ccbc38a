"""What a machine reads: one JSON document on standard output."""

import json
from dataclasses import fields, is_dataclass
from typing import Any

from aks_flow.report.text import say


def document(value: Any) -> None:
    """Dataclasses become objects, values that have a text form become texts."""
    say(json.dumps(value, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    """One level: `json` asks again for what is inside."""
    if is_dataclass(value) and type(value).__str__ is object.__str__:
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)
