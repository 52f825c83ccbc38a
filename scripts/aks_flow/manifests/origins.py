"""An environment's objects, each with the file that it comes from."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.manifests.render import objects
from aks_flow.tools.kubectl import kustomize

ORIGIN = "config.kubernetes.io/origin"


@dataclass(frozen=True)
class RenderedObject:
    """object: without the note of where it comes from. file: that; of what is generated, the kustomization.

    address: of the file, if it is of another repository; else "".
    """

    object: dict
    file: Path
    address: str = ""


def render_with_origins(run: Runner, overlay: Path) -> list[RenderedObject]:
    """The overlay as it stands in the work tree; AksFlowError if there is none, or kustomize refuses it.

    An overlay of it asks for the notes: none of the project's files needs to have them.
    """
    if not overlay.is_dir():
        step = "Add the overlay, or remove the environment from invoke.yaml."
        raise AksFlowError("there is no overlay of this name", where=overlay.name, next_step=step)
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as temporary:
        top = Path(temporary).resolve()
        resource = os.path.relpath(overlay.resolve(), top)
        kustomization = {"resources": [resource], "buildMetadata": ["originAnnotations"]}
        (top / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
        return [_rendered(item, top) for item in objects(run.run(kustomize.render(top)).text)]


def _rendered(item: dict, top: Path) -> RenderedObject:
    metadata = item["metadata"]
    origin = yaml.safe_load(metadata["annotations"].pop(ORIGIN, "{}"))
    if not metadata["annotations"]:
        del metadata["annotations"]
    path = origin.get("path") or origin.get("configuredIn") or "kustomization.yaml"
    return RenderedObject(item, Path(os.path.normpath(top / path)), _address(origin, path))


def _address(origin: Mapping, path: str) -> str:
    return f"{origin['repo']}//{path}?ref={origin.get('ref', '')}" if origin.get("repo") else ""
