"""Images by a builder of BuildKit's own: with provenance and SBOM beside them, and for several platforms.

The engine itself can neither. Where docker uses such a builder, publishing goes through it.
https://docs.docker.com/build/metadata/attestations/ and …/build/builders/drivers/
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from aks_flow.core.config.app import BUILDKIT, App
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import buildx

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


def choose_builder(run: Runner, app: App) -> str:
    """Use a builder that attests, if that or several platforms are asked for; what was done.

    Nothing changes where one is in use, or without buildx. A builder's own image comes from Docker Hub.
    """
    if app.attest != BUILDKIT and not app.platforms:
        return "unchanged: invoke.yaml asks for no attestations (app.attest) and no platforms (app.platforms)"
    answer = run.run(buildx.inspect())
    driver = buildx.parse_driver(answer.text)
    if answer.code or not driver:
        return "docker has no buildx here: images get no attestations of BuildKit, and have one platform"
    if buildx.is_whole(driver):
        return f"unchanged: the builder in use has the driver {driver}"
    known = run.run(buildx.inspect(buildx.OWN)).code == 0
    run.run(buildx.use() if known else buildx.create())
    return f"{buildx.OWN} is {'used' if known else 'made and used'}"


def _build(
    platforms: Sequence[str],
    run: Runner,
    image: ImageRef,
    context: bytes,
    arguments: Mapping[str, str],
    dockerfile: str,
    target: str,
) -> None:
    run.run(buildx.build(image, context, arguments, dockerfile, target, platforms))


def _lacking(platforms: Sequence[str], what: str, step: str) -> AksFlowError:
    asked = f"app.platforms asks for {', '.join(platforms)}"
    return AksFlowError(f"{asked}, and {what}", where="invoke.yaml", next_step=step)
