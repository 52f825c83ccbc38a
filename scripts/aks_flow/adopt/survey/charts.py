"""A chart: the images of its values, and what it renders where Helm is installed."""

import re
from collections.abc import Iterator
from pathlib import Path

from aks_flow.adopt.survey.layout import Layout
from aks_flow.adopt.survey.manifests import objects_in
from aks_flow.adopt.survey.mentions import ImageMention
from aks_flow.adopt.survey.tree import WorkTree
from aks_flow.core import yaml_text
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, NotInstalled, Runner
from aks_flow.manifests import chart
from aks_flow.manifests.images.listing import Standing, images
from aks_flow.manifests.yaml_edit.errors import EditError
from aks_flow.tools import helm

_VALUES = "values.yaml"
_NAMESPACE = "aks-flow-environment"  # what a template writes where an environment's own will be


def values_file(layout: Layout) -> str:
    return f"{layout.base}/{_VALUES}".removeprefix("./")


def images_of_values(tree: WorkTree, layout: Layout) -> tuple[ImageMention, ...]:
    """The images that the chart's values name, with their keys; AksFlowError if they cannot be read."""
    path = values_file(layout)
    if path not in tree.files:
        step = f"Add {_VALUES} with the images that the templates use: deliveries set them there."
        raise AksFlowError("the chart has no values", where=layout.base, next_step=step)
    try:
        rows = images(tree.text(path), where=path)
    except EditError as error:
        raise AksFlowError(error.what, where=error.where, next_step=error.next_step) from error
    return tuple(
        ImageMention(row.image, _key(row.path)) for row in rows if row.standing is Standing.UNDERSTOOD
    )


def _key(path: str) -> str:
    """``api.image.repository`` -> ``api.image``."""
    return re.sub(r"\.(repository|name)$", "", path)


def chart_objects(run: Runner, tree: WorkTree, layout: Layout) -> dict[str, list[dict]]:
    """What the chart renders, by environment, or under "" of its own values; {} where Helm is not installed.

    AksFlowError with Helm's words if it does not render.
    """
    files = {name: [tree.root / path] for name, path in layout.environments.items()} or {"": []}
    try:
        return {name: list(_rendered(run, tree, layout, values)) for name, values in files.items()}
    except NotInstalled:
        return {}


def _rendered(run: Runner, tree: WorkTree, layout: Layout, values: list[Path]) -> Iterator[dict]:
    """Those that are for the release's namespace name none."""
    try:
        text = run.run(helm.template(layout.release, tree.root / layout.base, _NAMESPACE, values)).text
    except CommandFailed as error:
        raise chart.not_rendered(layout.base, error, tree.root) from error
    for document in yaml_text.load_all(text, layout.base):
        for item in objects_in(document):
            if item["metadata"].get("namespace") == _NAMESPACE:
                del item["metadata"]["namespace"]
            yield item
