"""An environment's objects as they stand in the work tree, each with the file that it comes from."""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml

from aks_flow.core import yaml_text
from aks_flow.core.config import Config, previews
from aks_flow.core.config.render import HELM, KUSTOMIZE
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.manifests import chart, layout, overlay, plain
from aks_flow.manifests.layout import KUSTOMIZATION
from aks_flow.manifests.render import documents, objects
from aks_flow.manifests.render_request import RenderRequest
from aks_flow.tools.kubectl import kustomize

ORIGIN = "config.kubernetes.io/origin"
_NOTES = {"buildMetadata": ["originAnnotations"]}
_TEMPLATE = re.compile(r"# Source: [^/\n]+/(?P<path>[^\n]+)")  # behind the chart's name


@dataclass(frozen=True)
class RenderedObject:
    """object: without the note of where it comes from. file: that; of what is generated, the kustomization.

    address: of the file, if it is of another repository; else "".
    """

    object: dict
    file: Path
    address: str = ""


def render_with_origins(run: Runner, config: Config, environment: str) -> list[RenderedObject]:
    """All of the environment's; AksFlowError if it has no manifests, or if they do not render.

    Notes of where objects come from are asked for beside the project: none of its files needs to have them.
    """
    kinds = {KUSTOMIZE: _of_overlay, HELM: _of_chart}
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as temporary:
        top, kind = Path(temporary).resolve(), kinds.get(config.app.render.kind, _of_files)
        try:
            return kind(run, config, environment, top)
        except CommandFailed as error:
            words = error.result.error_text.strip().replace(f"{top}/", "")
            what, where = (
                f"the manifests of {environment} do not render",
                layout.written_in(config, environment),
            )
            raise AksFlowError(f"{what}:\n    {words}\n", where=where, next_step="Correct them.") from error


def _of_overlay(run: Runner, config: Config, environment: str, top: Path) -> list[RenderedObject]:
    folder = config.root / config.app.manifests / layout.place(config, environment)
    if not folder.is_dir():
        raise overlay.missing(config, environment)
    resource = os.path.relpath(folder.resolve(), top)
    own = _own_namespace(config, environment)
    components = [os.path.relpath(path, top) for path in _of_the_vault(config, folder.resolve())]
    kustomization = {"resources": [resource], "components": components, **own, **_NOTES}
    (top / KUSTOMIZATION).write_text(yaml.safe_dump(kustomization))
    return [_with_note(item, top) for item in objects(run.run(kustomize.render(top)).text)]


def _of_the_vault(config: Config, folder: Path) -> list[Path]:
    """The components that a delivery adds where Secrets come from a vault, and the overlay does not have."""
    secrets = config.vault_secrets.values() if config.azure.vault else ()
    named = dict.fromkeys(secret.component for secret in secrets if secret.component)
    every = [(config.root / config.app.manifests / "components" / name).resolve() for name in named]
    if not (every and (folder / KUSTOMIZATION).is_file()):
        return []
    text = (folder / KUSTOMIZATION).read_text(errors="surrogateescape")
    present = (yaml_text.load(text, str(folder)) or {}).get("components") or []
    return [path for path in every if path not in [(folder / name).resolve() for name in present]]


def _own_namespace(config: Config, environment: str) -> dict[str, str]:
    """That of a preview, whose overlay is that of all previews; {} for others."""
    is_preview = previews.is_preview(environment)
    return {"namespace": config.environment(environment).namespace} if is_preview else {}


def _of_files(run: Runner, config: Config, environment: str, top: Path) -> list[RenderedObject]:
    """Of plain manifests, whose files are copied: kustomize reads none that are elsewhere."""
    folder = config.root / config.app.manifests
    paths = plain.resources(folder, config, environment)
    for path in paths:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / path, top / path)
    namespace = config.environment(environment).namespace
    kustomization = {"namespace": namespace, "resources": paths, **_NOTES}
    (top / KUSTOMIZATION).write_text(yaml.safe_dump(kustomization))
    items = [_with_note(item, top) for item in objects(run.run(kustomize.render(top)).text)]
    return [RenderedObject(item.object, folder / item.file.relative_to(top)) for item in items]


def _of_chart(run: Runner, config: Config, environment: str, top: Path) -> list[RenderedObject]:
    names = {*config.app.built_images, *config.images}
    images = {name: ImageRef("registry.invalid", name, "0.0.0") for name in names}
    request = RenderRequest(config.root, "", config, environment, images)
    text = chart.template(run, request, config.root, top)
    folder = config.root / config.app.render.chart
    return [
        RenderedObject(document.object, folder / _template_of(document.text))
        for document in documents(text)
        if document.object
    ]


def _template_of(text: str) -> PurePosixPath:
    match = _TEMPLATE.match(text)
    return PurePosixPath(match["path"] if match else "Chart.yaml")


def _with_note(item: dict, top: Path) -> RenderedObject:
    metadata = item["metadata"]
    origin = yaml_text.load(metadata["annotations"].pop(ORIGIN, "{}"))
    if not metadata["annotations"]:
        del metadata["annotations"]
    path = origin.get("path") or origin.get("configuredIn") or KUSTOMIZATION
    return RenderedObject(item, Path(os.path.normpath(top / path)), _address(origin, path))


def _address(origin: Mapping, path: str) -> str:
    return f"{origin['repo']}//{path}?ref={origin.get('ref', '')}" if origin.get("repo") else ""
