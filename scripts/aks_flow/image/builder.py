"""The builder that docker uses: one of BuildKit's own, where the app asks for what only that can do."""

from aks_flow.core.config.app import BUILDKIT, App
from aks_flow.core.runner import Runner
from aks_flow.tools import buildx


def choose(run: Runner, app: App) -> str:
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
