"""What a machine reads: one JSON document on standard output."""

import json
from dataclasses import Field, fields, is_dataclass
from typing import Any

from aks_flow.core.image_ref import ImageRef
from aks_flow.core.moment import rfc3339
from aks_flow.report.text import say


def document(value: Any) -> None:
    """Dataclasses become objects, values that have a text form become texts, moments are in RFC 3339.

    What the document itself is, or is a list of, is an object even so: its text form is for people.
    Beside an ``image`` stands ``others``, by name, if the version has more than one.
    """
    items = value if isinstance(value, list) else [value]
    records = [_facts(item) if is_dataclass(item) else item for item in items]
    say(json.dumps(records if items is value else records[0], indent=2, default=_plain))


def _plain(value: Any) -> Any:
    """One level: `json` asks again for what is inside."""
    return _facts(value) if is_dataclass(value) and type(value).__str__ is object.__str__ else str(value)


def _facts(value: Any) -> dict[str, Any]:
    facts = {field.name: _shown(field, getattr(value, field.name)) for field in fields(value)}
    return facts | others_beside(facts.get("image"))


def _shown(field: Field, value: Any) -> Any:
    if "moment" not in field.metadata:
        return value
    if isinstance(value, dict):
        return {name: rfc3339(seconds) for name, seconds in value.items()}
    return rfc3339(value) if value else None


def others_beside(image: Any) -> dict[str, Any]:
    """The references beside that of the app's own image, where a version has several."""
    return {"others": image.others} if isinstance(image, ImageRef) and image.others else {}
