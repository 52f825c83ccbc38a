"""An image finds its Dockerfile by its name, however that is written; else the refusal helps."""

from pathlib import Path

import pytest

from aks_flow.adopt.pairing import pair
from aks_flow.adopt.survey.dockerfiles import find_dockerfiles
from aks_flow.adopt.survey.tree import WorkTree
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef


def paired(tmp_path: Path, images: list[str], paths: list[str]) -> dict[str, str]:
    """The path of each built image's Dockerfile, in a repository called shop."""
    root = tmp_path / "shop"
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("FROM scratch\nCOPY . .\n")
    dockerfiles = find_dockerfiles(WorkTree(root, tuple(sorted(paths))))
    pairs = pair([ImageRef.parse(image) for image in images], dockerfiles, "shop", {})
    return {image.name: dockerfile.path for image, dockerfile in pairs.built.items()}


@pytest.mark.parametrize(
    ("image", "paths", "built"),
    [
        ("samples/shop_vote", ["vote/Dockerfile", "vote/tests/Dockerfile"], "vote/Dockerfile"),
        ("samples/big_shop_vote", ["vote/Dockerfile", "seed/Dockerfile"], "vote/Dockerfile"),
        ("samples/cart-api", ["cart_api/Dockerfile", "web/Dockerfile"], "cart_api/Dockerfile"),
        ("cart", ["services/cart/src/Dockerfile", "web/Dockerfile"], "services/cart/src/Dockerfile"),
        ("cart", ["cart/src/Dockerfile", "cart/src/Dockerfile.debug"], "cart/src/Dockerfile"),
        ("poll-front", ["poll/Dockerfile", "poll/Dockerfile-for-app-service"], "poll/Dockerfile"),
        (
            "samples/examples-info-details-v1",
            ["src/details/Dockerfile", "web/Dockerfile"],
            "src/details/Dockerfile",
        ),
        ("shop", ["docker/Dockerfile", "web/Dockerfile"], "docker/Dockerfile"),
    ],
)
def test_an_image_finds_its_dockerfile(tmp_path, image, paths, built):
    assert paired(tmp_path, [image], paths) == {image: built}


STAGES = """\
FROM python:3.13 AS base
COPY . .
FROM base AS web_front
FROM base AS worker
FROM base AS assets
FROM base
COPY --from=assets /x /x
"""


@pytest.mark.parametrize(
    ("image", "target"),
    [
        ("acme/shop-worker", "worker"),
        ("acme/web-front", "web_front"),
        ("shop-worker-service", "worker"),
        ("shop", ""),  # the last stage, as docker builds it
    ],
)
def test_an_image_finds_its_stage(tmp_path, image, target):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "Dockerfile").write_text(STAGES)
    dockerfiles = find_dockerfiles(WorkTree(tmp_path / "shop", ("Dockerfile",)))
    assert dockerfiles[0].stages == ("web_front", "worker", "")
    ref = ImageRef.parse(image)
    assert pair([ref], dockerfiles, "shop", {}).built[ref].target == target
    assert pair([ref], [], "shop", {ref.repository: dockerfiles[0]}).built[ref].target == target


def test_a_stage_that_another_one_needs_is_no_image(tmp_path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "Dockerfile").write_text(STAGES)
    dockerfiles = find_dockerfiles(WorkTree(tmp_path / "shop", ("Dockerfile",)))
    images = [ImageRef.parse(name) for name in ("acme/shop-assets", "mcr.microsoft.com/worker", "shop")]
    assert [image.name for image in pair(images, dockerfiles, "shop", {}).built] == ["shop"]


def test_the_example_names_an_image_that_may_be_built_here(tmp_path):
    with pytest.raises(AksFlowError) as caught:
        paired(tmp_path, ["mongo", "team/orders", "redis"], ["x/Dockerfile", "y/Dockerfile"])
    assert caught.value.next_step == "Say what is built, as in `--image orders=x/Dockerfile`."
