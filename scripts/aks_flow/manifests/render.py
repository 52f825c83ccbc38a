"""A commit's manifests and the images to run -> the text that a cluster is given."""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml

from aks_flow.core.config.app import App
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.core.tarball import unpack
from aks_flow.gitflow.source import Source
from aks_flow.gitflow.tree_archive import tree_archive
from aks_flow.manifests.images.images import set_images
from aks_flow.manifests.sync_waves import ManifestDocument
from aks_flow.manifests.yaml_edit import fields, files
from aks_flow.tools.kubectl import kustomize, resources

# libyaml's loader is ten times faster, where PyYAML was built with it.
_BETWEEN = re.compile(r"^---\n", re.MULTILINE)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def render(
    run: Runner,
    source: Source,
    app: App,
    environment: str,
    images: Mapping[str, ImageRef],
    marks: Mapping[str, str],
    components: tuple[str, ...] = (),
) -> str:
    """The environment's overlay as of ``source``, each of ``images`` pinned: multi-document YAML.

    ``marks``: annotations of the app's Deployment (not of its pods). ``components``: see `pinned`.
    """
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as temporary:
        top = Path(temporary)
        unpack(tree_archive(run, source.repo, f"{source.tree}:{app.manifests}"), top)
        overlay = top / "overlays" / environment
        pin(overlay / "kustomization.yaml", app.own_image, images, components)
        return run.run(kustomize.render(_marked(top, environment, app.name, marks))).text


def _marked(top: Path, environment: str, app: str, marks: Mapping[str, str]) -> Path:
    """An overlay on top of the environment's that puts ``marks`` on the app's Deployment."""
    patch = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": app, "annotations": dict(marks)},
    }
    target = {"group": "apps", "kind": "Deployment", "name": f"^{re.escape(app)}$"}
    kustomization = {
        "resources": [f"../overlays/{environment}"],
        "patches": [{"patch": yaml.safe_dump(patch), "target": target}],
    }
    folder = top / "marked"
    folder.mkdir()
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
    return folder


def pin(
    kustomization: Path, app: str, images: Mapping[str, ImageRef], components: tuple[str, ...] = ()
) -> None:
    """Pin ``app`` and those of ``images`` that the kustomization lists, in place."""
    if not kustomization.is_file():
        step = "Add the overlay, or remove the environment from invoke.yaml."
        raise AksFlowError(
            "there is no overlay of this name", where=kustomization.parent.name, next_step=step
        )
    where = f"overlays/{kustomization.parent.name}/{kustomization.name}"
    files.edit_files([kustomization], lambda text, _: pinned(text, app, images, where, components))


def pinned(
    text: str, app: str, images: Mapping[str, ImageRef], where: str, components: tuple[str, ...] = ()
) -> str:
    """A kustomization with the pin of ``app`` and of every other image that it lists; its other bytes stay.

    components: folders of the manifests' components/ that it is to have besides. EditError if it does not
    list ``app``, or is malformed; AksFlowError if it has components of its own.
    """
    listed = {name for name, _ in fields.get(text, "images[*].name", where=where)}
    pins = [app, *sorted(listed & set(images) - {app})]
    text = set_images(text, {name: images[name] for name in pins}, where=where)
    return with_components(components, text, where)


def with_components(components: tuple[str, ...], text: str, where: str) -> str:
    """A kustomization with the components; AksFlowError if it has others."""
    paths = [f"../../components/{name}" for name in components]
    present = yaml.load(text, _LOADER).get("components") or []
    if set(paths) <= set(present):
        return text
    if present:
        step = f"Add {', '.join(paths)} there, or remove what is there."
        raise AksFlowError("`components` holds others than the target adds", where=where, next_step=step)
    lines = "".join(f"  - {path}\n" for path in paths)
    return f"{text}{'' if text.endswith(chr(10)) else chr(10)}\ncomponents:\n{lines}"


def workloads(manifest: str) -> list[str]:
    """``kind/name`` of everything in a manifest that rolls out."""
    kinds = {"Deployment", "StatefulSet", "DaemonSet"}
    rolling = [item for item in objects(manifest) if item["kind"] in kinds]
    return [f"{item['kind'].lower()}/{item['metadata']['name']}" for item in rolling]


def namespace(manifest: str, name: str) -> str:
    """The Namespace object of this name in a manifest, or a plain one."""
    namespaces = (
        item for item in objects(manifest) if (item["kind"], item["metadata"]["name"]) == ("Namespace", name)
    )
    return yaml.safe_dump(next(namespaces, resources.namespace(name)))


def documents(manifest: str) -> list[ManifestDocument]:
    """The documents of a rendered manifest, in which a line of three dashes stands between two only."""
    texts = (text for text in _BETWEEN.split(manifest) if text.strip())
    return [ManifestDocument(text, yaml.load(text, _LOADER)) for text in texts]


def objects(manifest: str) -> list[dict]:
    """The objects of a multi-document text."""
    return [item for item in yaml.load_all(manifest, _LOADER) if item]
