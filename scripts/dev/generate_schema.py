"""Writes models.json of the stand-in cluster's schema/: the fields of every model that the cluster serves.

Source: the Go types inside the locked kubectl, because only they hold all of it: field names, int32 or
int64, merge keys of strategic patches, numbers in the binary form. It has no CustomResourceDefinition and no
APIService; those models come from the `kubernetes` package. Run: python -m dev.generate_schema
"""

import inspect
import json
import re
import shutil
import sys
from pathlib import Path

from kubernetes.client import models

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from dev.go_types import GoTypes

TARGET = Path(__file__).parents[2] / "scripts/aks_flow/rehearsal/standins/kubernetes/schema/models.json"
_LEAVES = {
    "k8s.io/apimachinery/pkg/apis/meta/v1.Time": "Time",
    "k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime": "MicroTime",
    "k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1": "any",
    "k8s.io/apimachinery/pkg/api/resource.Quantity": "Quantity",
    "k8s.io/apimachinery/pkg/util/intstr.IntOrString": "IntOrString",
    "k8s.io/apimachinery/pkg/runtime.RawExtension": "any",
}
_BESIDE_THE_KINDS = (
    "authorization/v1.SelfSubjectRulesReview",
    "authentication/v1.TokenRequest",
    "autoscaling/v1.Scale",
    "autoscaling/v1.HorizontalPodAutoscaler",
    "meta/v1.DeleteOptions",
    "meta/v1.Status",
    "policy/v1.Eviction",
)
_PYTHON_ROOTS = {"apiextensions/v1": "V1CustomResourceDefinition", "apiregistration/v1": "V1APIService"}
_PYTHON_SCALARS = {"str": "string", "int": "int64", "float": "float64", "bool": "bool", "datetime": "Time"}


def generate() -> str:
    """The file's text: one model a line, sorted; a field is ``TYPE NUMBER [PATCH STRATEGY[:MERGE KEY]]``."""
    program = Path(sys.executable).with_name("kubectl")
    go = GoTypes(program if program.exists() else Path(shutil.which("kubectl")), "k8s.io/ap").structs()
    known = {_short(name): _go_model(fields) for name, fields in go.items()}
    for group, root in _PYTHON_ROOTS.items():
        known |= _python_known(group, root)
    needed: dict[str, dict] = {}
    for kind in kinds.BUILTIN:
        _collect(f"{(kind.group or 'core').split('.')[0]}/{kind.version}.{kind.kind}", known, needed)
    for name in _BESIDE_THE_KINDS:
        _collect(name, known, needed)
    lines = (f"{json.dumps(name)}: {json.dumps(needed[name])}" for name in sorted(needed))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _collect(name: str, known: dict, into: dict) -> None:
    if name in into:
        return
    into[name] = known[name]
    for field in known[name].values():
        for model in re.findall(r"[\w]+/v\w+\.\w+", field):
            _collect(model, known, into)


def _short(reference: str) -> str:
    for name, leaf in _LEAVES.items():
        reference = reference.replace(name, leaf)
    reference = reference.replace("[]uint8", "bytes")
    return re.sub(r"k8s\.io/(api/|apimachinery/pkg/apis/)", "", reference)


def _go_model(fields: list) -> dict[str, str]:
    return dict(_go_field(*field) for field in fields if 'json:"-"' not in field[1])


def _go_field(name: str, tag: str, reference: str) -> tuple[str, str]:
    """A struct without a JSON name lies inline: its own name, in angle brackets."""
    tags = dict(re.findall(r'(\w+):"([^"]*)"', tag))
    json_name, _, options = tags.get("json", "").partition(",")
    number = (re.findall(r",(\d+),", tags.get("protobuf", "")) or ["0"])[0]
    optional = "?" if "omit" in options else ""
    patch = ":".join(filter(None, (tags.get("patchStrategy", ""), tags.get("patchMergeKey"))))
    return json_name or f"<{name}>", f"{_short(reference)}{optional} {number} {patch}".strip()


def _python_known(group: str, root: str) -> dict[str, dict]:
    """A model of the package and those that it refers to."""
    known: dict[str, dict] = {}
    todo = [root]
    while todo:
        model = getattr(models, todo.pop())
        name = _python_name(group, model.__name__)
        if name not in known:
            types = model.openapi_types
            known[name] = {
                model.attribute_map[k]: _python_reference(group, t) + "? 0" for k, t in types.items()
            }
            todo += re.findall(r"\b\w*V1(?!ObjectMeta)\w+", " ".join(types.values()))
    return known


def _python_name(group: str, model: str) -> str:
    return f"{group}.{model.removeprefix(group.partition('/')[0].title()).removeprefix('V1')}"


def _python_reference(group: str, text: str) -> str:
    if inner := re.fullmatch(r"List\[(.*)\]", text):
        return f"[]{_python_reference(group, inner[1])}"
    if inner := re.fullmatch(r"Dict\[str, (.*)\]", text):
        return f"map[string]{_python_reference(group, inner[1])}"
    if text == "V1ObjectMeta":
        return "meta/v1.ObjectMeta"
    if hasattr(models, text) and inspect.isclass(getattr(models, text)):
        return f"*{_python_name(group, text)}"
    return _PYTHON_SCALARS.get(text, "any")


if __name__ == "__main__":
    TARGET.write_text(generate())
