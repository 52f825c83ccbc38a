"""The section `app.render` of invoke.yaml: how the manifests become what a cluster is given."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Annotated, Any

from aks_flow.core import image_ref, names
from aks_flow.core.names import EMPTY

KUSTOMIZE, PLAIN, HELM = "kustomize", "plain", "helm"
_Kind = Annotated[str, names.one_of(KUSTOMIZE, PLAIN, HELM)]
_Release = Annotated[
    str,
    names.matching(
        "1 to 53 lower-case letters, digits and '-', with a letter or digit at both ends",
        "[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?",
    ),
]
_ValuesKey = Annotated[
    str,
    names.matching("a key of the chart's values, as in api.image", r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*"),
]


@dataclass(frozen=True)
class RenderSettings:
    """kind: kustomize, plain (files as they are) or helm; what follows is Helm's alone.

    chart: its folder. release: its name, "" for the app's. values: files of values, for all environments.
    images: the key under which the values have each image; see `values_key`.
    """

    kind: _Kind = KUSTOMIZE
    chart: Annotated[names.Folder, EMPTY] = ""
    release: Annotated[_Release, EMPTY] = ""
    values: tuple[names.ProjectFile, ...] = ()
    images: dict[image_ref.Repository, _ValuesKey] = field(default_factory=dict)


def faults(
    render: RenderSettings, manifests: str, images: Collection[str], places: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """(path in the file, what is wrong). manifests: their folder. images: the names of all images.

    places: what has an overlay or values, by its path.
    """
    is_helm = render.kind == HELM
    if is_helm and not render.chart:
        yield "app.render.chart", "is missing: the folder that holds Chart.yaml"
    for key in ("chart", "release", "values", "images"):
        if getattr(render, key) and not is_helm:
            yield f"app.render.{key}", f"is for `kind: helm`, and the kind is {render.kind}"
    for name in render.images:
        if name not in images:
            yield f"app.render.images.{name}", "must be called as one of the app's images or of `images`"
    for path, place in places.items():
        if place.values and not is_helm:
            yield f"{path}.values", f"is for `kind: helm`, and app.render.kind is {render.kind}"
        if place.overlay and is_helm:
            yield f"{path}.overlay", "is for kustomize and plain manifests; Helm has `values`"
        if place.overlay and not _is_within(place.overlay, manifests):
            yield f"{path}.overlay", f"must be a folder in app.manifests, {manifests}"


def _is_within(folder: str, top: str) -> bool:
    return PurePosixPath(folder).is_relative_to(top) or PurePosixPath(top) == PurePosixPath()
