"""Fields that must be texts: without quotes, YAML reads 5, yes and 2024-01-01 as something else."""

from typing import Any

from aks_flow.manifests.checks.facts import Manifest, ManifestFacts, Workload
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.view import FieldView

TYPES = {
    bool: "a boolean",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a map",
    bytes: "binary",
}


def texts(facts: ManifestFacts) -> Findings:
    for item in facts.objects:
        for part in ("labels", "annotations"):
            yield from _map(item, item.metadata[part], f"{part[:-1]} ")
    for item in facts.of("ConfigMap", "Secret"):
        for part in ("data", "stringData", "binaryData"):
            yield from _map(item, item.view[part], "key ")
    for workload in facts.workloads:
        yield from _pods(workload)


def _pods(workload: Workload) -> Findings:
    owner, template = workload.owner, workload.template
    if owner.kind != "Pod":
        for part in ("labels", "annotations"):
            yield from _map(owner, template["metadata"][part], f"the pods' {part[:-1]} ")
    yield from _map(owner, workload.pod["nodeSelector"], "node label ")
    for container in workload.containers:
        name = container["name"].text
        for entry in container["env"].items():
            yield from _text(owner, entry["value"], f"variable {entry['name'].text} of container {name}")
        for part in ("command", "args"):
            for word in container[part].items():
                yield from _text(owner, word, f"a word of the {part} of container {name}")


def _map(owner: Manifest, view: FieldView, what: str) -> Findings:
    for key, value in view.fields():
        yield from _text(owner, value, f"{what}{key}")


def _text(owner: Manifest, value: FieldView, what: str) -> Findings:
    if value and not isinstance(value.value, str):
        yield ManifestFinding("text", owner, value, f"{what} is {_type(value.value)}, not a text")


def _type(value: Any) -> str:
    """What it is. The value itself may be a password."""
    return TYPES.get(type(value), "a date")
