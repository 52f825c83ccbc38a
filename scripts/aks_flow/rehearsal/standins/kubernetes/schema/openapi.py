"""The models as OpenAPI schemas: what ``kubectl explain`` reads."""

from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.schema import descriptions, models
from aks_flow.rehearsal.standins.kubernetes.schema.models import ModelField

_FORMATS = {
    "string": {"type": "string"},
    "bytes": {"type": "string", "format": "byte"},
    "bool": {"type": "boolean"},
    "float64": {"type": "number", "format": "double"},
    "Time": {"type": "string", "format": "date-time"},
    "MicroTime": {"type": "string", "format": "date-time"},
    "Quantity": {"type": "string"},
    "IntOrString": {"type": "string", "format": "int-or-string"},
    "[]string": {"type": "array", "items": {"type": "string"}},
    "any": {"type": "object"},
}
_INTEGERS = {name: {"type": "integer", "format": name} for name in ("int32", "int64")}
_PREFIXES = {
    "meta": "io.k8s.apimachinery.pkg.apis.",
    "apiextensions": "io.k8s.apiextensions-apiserver.pkg.apis.",
    "apiregistration": "io.k8s.kube-aggregator.pkg.apis.",
}


def openapi_name(kind: Kind) -> str:
    """``io.k8s.api.apps.v1.Deployment``: the name of a built-in kind's schema."""
    return definition_name(models.model_name(kind))


def openapi_components(kind: Kind) -> dict[str, dict]:
    """{name: schema} of a built-in kind and of everything that it refers to."""
    schemas: dict[str, dict] = {}
    _collect(models.model_name(kind), schemas)
    named = {"group": kind.group, "version": kind.version, "kind": kind.kind}
    schemas[openapi_name(kind)]["x-kubernetes-group-version-kind"] = [named]
    return schemas


def _collect(model: str, schemas: dict[str, dict]) -> None:
    if definition_name(model) in schemas:
        return
    fields, words = models.fields(model), descriptions.of(model)
    properties = {name: _property(field, words.fields.get(name, "")) for name, field in fields.items()}
    schema = ({"description": words.about} if words.about else {}) | {"type": "object"}
    schemas[definition_name(model)] = schema = schema | {"properties": properties}
    if required := [name for name, field in fields.items() if not (field.optional or field.pointer)]:
        schema["required"] = required
    for field in fields.values():
        if field.is_model:
            _collect(field.type, schemas)


def _property(field: ModelField, about: str) -> dict:
    """A field's schema. about: what it means; "" if that is not known."""
    words = {"description": about} if about else {}
    if not field.is_model:
        single = _leaf(field.type)
    else:
        reference = {"$ref": f"#/components/schemas/{definition_name(field.type)}"}
        single = {"allOf": [reference]} if words and not field.container else reference
    if field.container == "[]":
        return words | {"type": "array", "items": single}
    return words | ({"type": "object", "additionalProperties": single} if field.container else single)


def _leaf(name: str) -> dict:
    return dict(_FORMATS.get(name) or _INTEGERS.get(name) or {"type": "integer"})


def definition_name(model: str) -> str:
    """``apps/v1.Deployment`` -> ``io.k8s.api.apps.v1.Deployment``."""
    group = model.partition("/")[0]
    return f"{_PREFIXES.get(group, 'io.k8s.api.')}{model.replace('/', '.')}"
