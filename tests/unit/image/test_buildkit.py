"""Publishing by BuildKit: attestations, several platforms; a sentence where docker's builder cannot."""

from dataclasses import replace

import pytest

from aks_flow.core.command import Result
from aks_flow.core.config import schema
from aks_flow.core.config.app import App
from aks_flow.core.config.errors import ConfigFault
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.steps import Silent, Steps
from aks_flow.image import build, builder, buildkit, keys
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import buildx
from aks_flow.tools.docker import ImageBuild
from tests.unit.image.test_build import KEY, commands, origin, settings  # noqa: F401
from tests.unit.planned import DIGEST, Planned

INSPECT, OWN = "docker buildx inspect", "docker buildx inspect aks-flow"
CREATE = "docker buildx create --name=aks-flow --driver=docker-container --driver-opt=network=host --use"
USE = "docker buildx use aks-flow"
NONE = Result(1, b"", b"docker: unknown command: docker buildx\n\nRun 'docker --help' for more information")
NO_BUILDER = Result(1, b"", b'ERROR: no builder "aks-flow" found')
ENGINE = """Name:          default
Driver:        docker
Last Activity: 2026-01-02 03:04:05 +0000 UTC

Nodes:
Name:             default
Endpoint:         default
Status:           running
Platforms:        linux/amd64, linux/amd64/v2, linux/386
"""
CONTAINER = ENGINE.replace("Driver:        docker", "Driver:        docker-container")
BOTH = ("linux/amd64", "linux/arm64")


class Holding:
    """A registry that holds what a builder pushes."""

    def __init__(self, run: Planned):
        self._run, self.tagged = run, []

    def digest(self, image: ImageRef) -> str | None:
        return DIGEST if any("buildx build" in line for line in self._run.lines) else None

    def tag(self, image: ImageRef, tag: str) -> None:
        self.tagged.append(tag)


def published(config, run, source, **how) -> list[str]:
    """The commands of docker."""
    build.ensure(DeliveryContext(run, Holding(run), config, Steps(Silent()), **how), source)
    return [line for line in run.lines if line.startswith("docker")]


def for_platforms(config, *platforms):
    return replace(config, app=replace(config.app, platforms=platforms))


def test_a_builder_of_its_own_attests_and_pushes_at_once(config, commands, origin):  # noqa: F811
    plain = next(line for line in commands.answers if line.startswith("docker build "))
    asked = plain.replace("docker build --tag", "docker buildx build --push --tag").replace(
        f"{KEY} ", f"{KEY} --provenance=mode=max --sbom=true "
    )
    commands.answers |= {INSPECT: CONTAINER, asked: ""}
    assert published(config, commands, origin) == [INSPECT, asked]


def test_the_engine_s_own_builder_builds_and_pushes_as_ever(config, commands, origin):  # noqa: F811
    commands.answers[INSPECT] = ENGINE
    run = DeliveryContext(commands, None, config, Steps(Silent()))
    assert buildkit.publishing(run) is run


def test_platforms_are_built_together_and_are_part_of_the_key(config, commands, origin):  # noqa: F811
    both = for_platforms(config, *BOTH)

    def key_of(configured):
        return keys.tree_key(
            DeliveryContext(commands, Holding(commands), configured, Steps(Silent())), origin, "front"
        )

    key = key_of(both)
    assert key not in (KEY, key_of(for_platforms(config, BOTH[0])))
    assert key == key_of(for_platforms(config, *reversed(BOTH)))
    image = ImageRef("localhost:5050", "front", key)
    assert str(buildx.build(ImageBuild(image, b"", {}, "slim.Dockerfile", "run"), BOTH)) == (
        f"docker buildx build --push --tag=localhost:5050/front:{key} --platform=linux/amd64,linux/arm64"
        " --provenance=mode=max --sbom=true --file=slim.Dockerfile --target=run -"
    )


@pytest.mark.parametrize("answer", [NONE, ENGINE], ids=["no buildx", "the engine's builder"])
def test_what_cannot_build_for_the_platforms_is_a_sentence_and_builds_nothing(
    config,
    commands,  # noqa: F811
    origin,  # noqa: F811
    answer,
):
    commands.answers[INSPECT] = answer
    with pytest.raises(AksFlowError, match="linux/amd64, linux/arm64, and docker's builder.*image.builder"):
        published(for_platforms(config, *BOTH), commands, origin)
    assert [line for line in commands.lines if line.startswith("docker")] == [INSPECT]


def test_a_build_in_the_registry_makes_one_platform(config, commands, origin):  # noqa: F811
    with pytest.raises(AksFlowError, match="a build in the registry makes one platform's image"):
        published(for_platforms(config, *BOTH), commands, origin, build_image=pytest.fail)


CHOICES = {
    "no buildx": ({INSPECT: NONE}, "docker has no buildx here"),
    "one that can is in use": (
        {INSPECT: CONTAINER},
        "unchanged: the builder in use has the driver docker-container",
    ),
    "the engine's": ({INSPECT: ENGINE, OWN: NO_BUILDER, CREATE: ""}, "aks-flow is made and used"),
    "one that was made before": ({INSPECT: ENGINE, OWN: CONTAINER, USE: ""}, "aks-flow is used"),
}


@pytest.mark.parametrize("case", CHOICES)
def test_a_builder_is_made_once(case):
    answers, said = CHOICES[case]
    for asked in ({"attest": "buildkit"}, {"platforms": ("linux/amd64", "linux/arm64")}):
        run = Planned(answers)
        assert builder.choose(run, App("web", "manifests", **asked)).startswith(said)
        assert run.lines == list(answers)


def test_without_being_asked_for_docker_stays_as_it_is():
    assert builder.choose(Planned({}), App("web", "manifests")).startswith("unchanged")


@pytest.mark.parametrize("platform", ["arm64", "linux", "linux/arm64,linux/amd64", "windows/amd64", "--push"])
def test_a_platform_has_a_grammar(platform):
    with pytest.raises(ConfigFault, match="linux, an architecture") as caught:
        schema.read({"name": "a", "manifests": "m", "platforms": [platform]}, App, "app")
    assert caught.value.path == "app.platforms[0]"
