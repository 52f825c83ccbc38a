"""An environment as a Helm chart with values of its own; the app's images are handed in as values."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from aks_flow.core import yaml_text
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed, NotInstalled, Runner
from aks_flow.core.tarball import unpack
from aks_flow.gitflow.tree_archive import tree_archive
from aks_flow.manifests import layout
from aks_flow.manifests.layout import KUSTOMIZATION, RENDERED
from aks_flow.manifests.render_request import RenderRequest
from aks_flow.tools import helm
from aks_flow.tools.git import objects

_VALUES = "values.yaml"  # of the chart itself


def stage(run: Runner, request: RenderRequest, top: Path) -> Path:
    """What Helm makes of the chart, in a folder in ``top``, with a kustomization of it."""
    source, folder = top / "source", top / "rendered"
    _lay_out(run, request, source)
    text = template(run, request, source, top)
    folder.mkdir()
    (folder / RENDERED).write_text(text)
    (folder / KUSTOMIZATION).write_text(yaml.safe_dump({"resources": [RENDERED]}))
    return folder


def _lay_out(run: Runner, request: RenderRequest, source: Path) -> None:
    """The chart and the files of values in a new folder, at their paths in the project."""
    chart, *values = paths_of(request.config, request.environment)
    _check_paths(run, request, [chart, *values])
    (source / chart).mkdir(parents=True)
    unpack(tree_archive(run, request.repo, f"{request.tree}:{layout.in_tree(chart)}"), source / chart)
    names = [f"{request.tree}:{layout.in_tree(path)}" for path in values]
    contents = objects.parse_objects(run.run(objects.read_objects(request.repo, names)).stdout)
    for path, content in zip(values, contents, strict=True):
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_bytes(content or b"")


def paths_of(config: Config, environment: str) -> list[str]:
    """The chart's folder and the files of values, in the project: those behind win."""
    render = config.app.render
    return [render.chart, *render.values, *config.environment(environment).values]


def template(run: Runner, request: RenderRequest, source: Path, spare: Path) -> str:
    """The text that Helm makes of the chart. source: the project's files. spare: a folder for values of ours.

    NotInstalled without Helm; AksFlowError if the chart does not render, or its values lack an image's key.
    """
    config = request.config
    chart, *values = [source / path for path in paths_of(config, request.environment)]
    given = spare / "images.yaml"
    given.write_text(yaml.safe_dump(_images(request, _merged(source, [chart / _VALUES, *values]))))
    release = config.app.render.release or config.app.name
    command = helm.template(release, chart, request.namespace, [*values, given])
    try:
        text = run.run(command).text
    except NotInstalled as error:
        step = f"Install Helm {helm.OLDEST} or newer: {helm.INSTALL}"
        what = "Helm is not installed, and it renders this project's manifests"
        raise NotInstalled(what, where="app.render.kind", next_step=step) from error
    except CommandFailed as error:
        raise not_rendered(config.app.render.chart, error, source, request.environment) from error
    if not text.strip():
        step = "Look at what its values leave out: `helm template` shows it."
        raise AksFlowError("the chart renders nothing", where=config.app.render.chart, next_step=step)
    return text


def _check_paths(run: Runner, request: RenderRequest, paths: list[str]) -> None:
    """AksFlowError, naming the key, if the commit lacks the chart or a file of values."""
    listed = run.run(objects.kinds(request.repo, map(layout.in_tree, paths), request.tree)).text
    for path, kind in zip(paths, objects.parse_kinds(listed), strict=True):
        if not kind:
            render = request.config.app.render
            keys = {render.chart: "app.render.chart", **dict.fromkeys(render.values, "app.render.values")}
            key = keys.get(path, f"environments.{request.environment}.values")
            step = f"Commit it, or correct {key} in invoke.yaml."
            raise AksFlowError("there is no such file or folder", where=path, next_step=step)


def _merged(source: Path, files: list[Path]) -> dict[str, Any]:
    """Values as Helm merges them: mappings key by key, all else as a whole."""
    merged: dict[str, Any] = {}
    for file in files:
        merged = _over(merged, _read(file, str(file.relative_to(source))))
    return merged


def _read(file: Path, where: str) -> dict[str, Any]:
    if not file.is_file():
        return {}
    values = yaml_text.load(file.read_bytes(), where) or {}
    if not isinstance(values, dict):
        raise AksFlowError("values are a mapping", where=where, next_step="Correct it.")
    return values


def _over(below: Mapping, above: Mapping) -> dict[str, Any]:
    both = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], Mapping) and isinstance(above[key], Mapping):
            both[key] = _over(below[key], above[key])
    return both


def _images(request: RenderRequest, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that set each image at its key; AksFlowError if the chart's values do not have that."""
    given: dict[str, Any] = {}
    for name, key in request.config.app.render.images.items():
        present = _at(values, key)
        if not isinstance(present, str | dict) or present == "":
            what = f"the chart's values have no image at `{key}`"
            step = f"Correct app.render.images.{name} in invoke.yaml, or add it to the values."
            raise AksFlowError(what, where=request.config.app.render.chart, next_step=step)
        given = _over(given, _nested(key, handed_in(request.images[name], present)))
    return given


def _at(values: Mapping[str, Any], key: str) -> Any:
    place: Any = values
    for part in key.split("."):
        place = place.get(part) if isinstance(place, Mapping) else None
    return place


def _nested(key: str, value: Any) -> dict[str, Any]:
    for part in reversed(key.split(".")):
        value = {part: value}
    return value


def handed_in(image: ImageRef, present: str | Mapping[str, Any]) -> str | dict[str, str]:
    """The image as the chart's values have theirs: in one text, or in parts.

    A part that the chart has no key for is left out; what was rendered gets its digest in any case.
    """
    if isinstance(present, str):
        return str(image)
    name = "name" if "name" in present and "repository" not in present else "repository"
    parts = {name: image.name, "tag": image.tag}
    if "registry" in present:
        parts |= {"registry": image.registry, name: image.repository}
    return parts | ({"digest": image.digest} if "digest" in present else {})


def not_rendered(chart: str, error: CommandFailed, source: Path, environment: str = "") -> AksFlowError:
    """The refusal of a chart, by its folder in the project, whose files are in ``source``."""
    words = helm.said(error.result).replace(f"{source}/", "")
    step = "Correct the chart or its values, and commit."
    if "missing in charts/ directory" in words:
        add = f"git add --force {chart}/charts"  # many a .gitignore names it
        step = f"Run `helm dependency build {chart} && {add}`, and commit."
    told = f" for {environment}" if environment else ""
    return AksFlowError(f"the chart does not render{told}:\n    {words}\n", where=chart, next_step=step)
