"""`az acr import`: which image of the rehearsal's registry is copied."""

import pytest

from aks_flow.rehearsal.standins.azure.acr.copying import Copy, CopyError
from tests.unit.target.registry_server import StrictRegistry

ORIGINAL = f"sha256:{'4f' * 32}"


@pytest.fixture
def registry():
    with StrictRegistry().serving() as serving:
        yield serving


def test_a_tag_is_copied_without_a_look_at_the_others(registry):
    image = registry.add_image("redis", "redis", tag="7.4")
    Copy(registry.host, "redis", "estate/redis").run("7.4", "7.4")
    assert registry.repositories["estate/redis"].tags == {"7.4": image["digest"]}
    assert [path for _, path in registry.asked if "tags" in path] == []


def test_a_digest_is_that_of_an_image_that_is_there_or_of_the_original_of_a_replacement(registry):
    image, copy = registry.add_image("redis", "redis"), Copy(registry.host, "redis", "estate/redis")
    replacement = registry.add_image("redis", "of packages", tag="7.4-4f4f4f4f4f4f")
    copy.run(image["digest"], "7.4")
    copy.run(ORIGINAL, "7.4-4f4f4f4f4f4f")
    tags = registry.repositories["estate/redis"].tags
    assert tags == {"7.4": image["digest"], "7.4-4f4f4f4f4f4f": replacement["digest"]}


def test_what_is_not_there_is_said(registry):
    registry.add_image("redis", "redis", tag="7.4")
    for reference in ("8.0", ORIGINAL):
        with pytest.raises(CopyError, match=f"manifest redis:{reference} not found"):
            Copy(registry.host, "redis", "estate/redis").run(reference, "7.4")
