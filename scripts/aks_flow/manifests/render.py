"""A commit's manifests and the images to run -> the text that a cluster is given."""

import os
import pickle
import re
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from aks_flow.core import yaml_text
from aks_flow.core.config.render import HELM, KUSTOMIZE
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.manifests import chart, layout, overlay, plain
from aks_flow.manifests.layout import KUSTOMIZATION
from aks_flow.manifests.pins import pin_mentions
from aks_flow.manifests.render_request import RenderRequest
from aks_flow.manifests.sync_waves import ManifestDocument
from aks_flow.tools.kubectl import kinds, kustomize, output, resources

_BETWEEN = re.compile(r"^---\n", re.MULTILINE)
_RENDERED = "the rendered manifests"
# What kustomize says of the overlay that `_marked` lays on top, before it comes to the project's own files.
_OF_MARKED = re.compile(r"accumulating resources: .*?'\.\./project[^']*': .*?accumulation of path '[^']*': ")


def render(run: Runner, request: RenderRequest, marks: Mapping[str, str] | None = None) -> str:
    """The environment's manifests with its images pinned: multi-document YAML.

    marks: annotations of the app's Deployment (not of its pods).
    AksFlowError naming what cannot be read, does not render or does not let itself be pinned.
    """
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as temporary:
        folder = stage(run, request, Path(temporary) / "project")
        if marks:
            folder = _marked(Path(temporary), folder, request.config.app.name, marks)
        try:
            text = run.run(kustomize.render(folder)).text
        except CommandFailed as error:
            raise _not_rendered(request, error, temporary) from error
    return text if request.config.app.render.kind == KUSTOMIZE else pin_mentions(text, request)


def _not_rendered(request: RenderRequest, error: CommandFailed, temporary: str) -> AksFlowError:
    words = error.result.error_text.strip().replace(f"{temporary}/project/", "").replace(f"{temporary}/", "")
    what = f"the manifests of {request.environment} do not render:\n    {_OF_MARKED.sub('', words)}\n"
    where = layout.written_in(request.config, request.environment)
    return AksFlowError(what, where=where, next_step="Correct them and commit.")


def stage(run: Runner, request: RenderRequest, top: Path) -> Path:
    """Put the environment's files into a new folder; the folder there that kustomize renders.

    An overlay has its pins by then; plain manifests and charts get them in what was rendered.
    """
    top.mkdir()
    stages = {KUSTOMIZE: overlay.stage, HELM: chart.stage}
    return stages.get(request.config.app.render.kind, plain.stage)(run, request, top)


def _marked(temporary: Path, folder: Path, app: str, marks: Mapping[str, str]) -> Path:
    """An overlay on top of the environment's that puts ``marks`` on the app's own workload."""
    patch = {
        "apiVersion": "apps/v1",
        "kind": kinds.OWN[0],
        "metadata": {"name": app, "annotations": dict(marks)},
    }
    marked = temporary / "marked"
    target = {"group": "apps", "kind": "|".join(kinds.OWN), "name": f"^{re.escape(app)}$"}
    kustomization = {
        "resources": [os.path.relpath(folder, marked)],
        "patches": [{"patch": yaml.safe_dump(patch), "target": target}],
    }
    marked.mkdir()
    (marked / KUSTOMIZATION).write_text(yaml.safe_dump(kustomization))
    return marked


def namespace(manifest: str, name: str) -> str:
    """The Namespace object of this name in a manifest, or a plain one."""
    namespaces = (
        item for item in objects(manifest) if (item["kind"], item["metadata"]["name"]) == ("Namespace", name)
    )
    return yaml.safe_dump(next(namespaces, resources.namespace(name)))


def documents(manifest: str) -> list[ManifestDocument]:
    """The documents of a rendered manifest, in which a line of three dashes stands between two only."""
    texts = (text for text in _BETWEEN.split(manifest) if text.strip())
    return [ManifestDocument(text, yaml_text.load(text, _RENDERED)) for text in texts]


def names_of(manifest: str) -> set[str]:
    """The objects of a multi-document text, as `kubectl get --output=name` calls them."""
    return {output.object_name(item) for item in objects(manifest)}


def objects(manifest: str) -> list[dict]:
    """The objects of a multi-document text: the caller's own, which it may change."""
    return pickle.loads(_pickled_objects(manifest))


@lru_cache(maxsize=4)
def _pickled_objects(manifest: str) -> bytes:
    """A delivery reads the same text a dozen times, and parsing YAML takes twenty times as long as a copy."""
    return pickle.dumps([item for item in yaml_text.load_all(manifest, _RENDERED) if item])
