"""Images by a builder of BuildKit's own: with provenance and SBOM beside them, and for several platforms.

The engine itself can neither. Where docker uses such a builder, publishing goes through it.
https://docs.docker.com/build/metadata/attestations/ and …/build/builders/drivers/
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import buildx
from aks_flow.tools.docker import ImageBuild

_CREATE = "`./inv image.builder` makes a builder that can, where docker has buildx."


def publishing(context: DeliveryContext) -> DeliveryContext:
    """The context, which builds by BuildKit if docker's builder is one of its own.

    AksFlowError if `app.platforms` asks for more than what builds here can do.
    """
    platforms = context.config.app.platforms
    if context.build_image:
        if platforms:
            step = "Publish with `./inv image.push` where docker is, without --remote."
            raise _lacking(platforms, "a build in the registry makes one platform's image", step)
        return context
    if buildx.is_whole(buildx.parse_driver(context.run.run(buildx.inspect()).text)):
        return replace(context, build_image=partial(_build, platforms))
    if platforms:
        raise _lacking(platforms, "docker's builder here makes images of its own platform alone", _CREATE)
    return context


def _build(platforms: Sequence[str], run: Runner, asked: ImageBuild) -> None:
    run.run(buildx.build(asked, platforms))


def _lacking(platforms: Sequence[str], what: str, step: str) -> AksFlowError:
    asked = f"app.platforms asks for {', '.join(platforms)}"
    return AksFlowError(f"{asked}, and {what}", where="invoke.yaml", next_step=step)
