"""The definitions of Argo CD's kinds, as the stand-in's cluster gets them."""

from pathlib import Path

import yaml

_FOLDER = Path(__file__).with_name("crds")


def all_of_them() -> list[dict]:
    """An ApplicationSet's template holds an Application's spec."""
    read = {file.stem: yaml.safe_load(file.read_text()) for file in sorted(_FOLDER.glob("*.yaml"))}
    template = schema(read["application-set"])["properties"]["spec"]["properties"]["template"]
    template["properties"]["spec"] = schema(read["application"])["properties"]["spec"]
    return list(read.values())


def schema(definition: dict) -> dict:
    """The rules for a kind's objects."""
    [version] = definition["spec"]["versions"]
    return version["schema"]["openAPIV3Schema"]
