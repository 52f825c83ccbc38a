"""What a chart makes otherwise each time, as by `randAlphaNum` or `genCA`: every delivery would change it."""

from collections.abc import Iterator

from aks_flow.core.config import Config
from aks_flow.core.config.render import HELM
from aks_flow.core.runner import Runner
from aks_flow.manifests.origins import RenderedObject, render_with_origins


def unstable(
    run: Runner, config: Config, environment: str, rendered: list[RenderedObject]
) -> Iterator[tuple[RenderedObject, str]]:
    """The objects that a second rendering makes otherwise, each with the fields, between commas."""
    if config.app.render.kind != HELM:
        return
    for item, again in zip(rendered, render_with_origins(run, config, environment), strict=False):
        before, after = item.object, again.object
        if fields := [key for key in before | after if before.get(key) != after.get(key)]:
            yield item, ", ".join(fields)
