"""A chart: the images of its values, and what it renders where Helm is installed."""

import re

from aks_flow.adopt.survey.layout import Layout
from aks_flow.adopt.survey.mentions import ImageMention
from aks_flow.adopt.survey.tree import WorkTree
from aks_flow.core.errors import AksFlowError
from aks_flow.manifests.images.listing import Standing, images
from aks_flow.manifests.yaml_edit.errors import EditError

_VALUES = "values.yaml"


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


def chart_objects(run, tree: WorkTree, layout: Layout) -> dict[str, list[dict]]:
    """What the chart renders, by environment."""
    return {}
