"""Writes structure.json of the stand-in cluster's schema/: which values of the models have one owner.

It says where structured merging differs from what the merge keys of strategic patches say: lists that are
maps by several keys, sets, and objects or maps that are atomic. Source: the API's own definitions, as the
package kubernetes-validate 1.37.0 carries them, which must be installed.
Run: python -m dev.generate_structure
"""

import json
from collections.abc import Iterator
from importlib import resources

from aks_flow.rehearsal.standins.kubernetes.schema import models, openapi
from dev import generate_schema

TARGET = generate_schema.TARGET.with_name("structure.json")
_SOURCE = "kubernetes-json-schema/v1.36.0-local/_definitions.json"
_MAP, _LIST, _KEYS = (f"x-kubernetes-{name}" for name in ("map-type", "list-type", "list-map-keys"))


def generate(definitions: dict) -> str:
    """{"MODEL" or "MODEL.FIELD": "atomic", "granular", "set" or "KEY,KEY"}, one a line."""
    structure = {}
    for model in json.loads(generate_schema.TARGET.read_text()):
        definition = definitions.get(openapi.definition_name(model), {})
        if definition.get(_MAP):
            structure[model] = definition[_MAP]
        structure |= {f"{model}.{name}": mark for name, mark in _marks(model, definition)}
    return json.dumps(structure, indent=0, sort_keys=True) + "\n"


def _marks(model: str, definition: dict) -> Iterator[tuple[str, str]]:
    known = models.fields(model)
    for name, schema in definition.get("properties", {}).items():
        mark = ",".join(schema.get(_KEYS, ())) or schema.get(_LIST) or schema.get(_MAP)
        if name in known and mark and mark != models.default_structure(known[name]):
            yield name, mark


if __name__ == "__main__":
    source = resources.files("kubernetes_validate").joinpath(_SOURCE)
    TARGET.write_text(generate(json.loads(source.read_text())["$defs"]))
