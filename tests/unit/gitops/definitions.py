"""Argo CD's own definitions of its objects, and what of an object does not fit them."""

from copy import deepcopy
from pathlib import Path

import yaml

from aks_flow.rehearsal.standins import argocd as standin
from aks_flow.rehearsal.standins.kubernetes.kinds import structural

SCHEMAS = {"Application": "application", "AppProject": "app-project"}


def schema(kind: str) -> dict:
    if kind == "ApplicationSet":
        made = yaml.safe_load((Path(__file__).parent / "data/application-set.yaml").read_text())
        template = made["properties"]["spec"]["properties"]["template"]
        template["properties"]["spec"] = schema("Application")["properties"]["spec"]
        return made
    file = Path(standin.__file__).with_name("crds") / f"{SCHEMAS[kind]}.yaml"
    [version] = yaml.safe_load(file.read_text())["spec"]["versions"]
    return version["schema"]["openAPIV3Schema"]


def faults(item: dict) -> list[str]:
    """Unknown fields, and what is of the wrong type or missing."""
    rules = schema(item["kind"])
    unknown = structural.prune(rules, deepcopy(item))
    return [*unknown, *(f"{cause.field}: {cause.message}" for cause in structural.check(rules, item))]
