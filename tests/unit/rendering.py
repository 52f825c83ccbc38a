"""The project's manifests as kubectl renders them."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
OVERLAYS = ROOT / "manifests" / "overlays"
ENVIRONMENTS = ("dev", "staging", "production")


@cache
def rendered(folder: Path) -> list[dict]:
    """All objects of a kustomization."""
    kubectl = Path(sys.executable).parent / "kubectl"
    output = subprocess.run([kubectl, "kustomize", folder], capture_output=True, check=True).stdout
    return list(yaml.safe_load_all(output))


def deployment(folder: Path) -> dict:
    (item,) = (item for item in rendered(folder) if item["kind"] == "Deployment")
    return item


def container(folder: Path) -> dict:
    """The Deployment's one container."""
    (item,) = deployment(folder)["spec"]["template"]["spec"]["containers"]
    return item
