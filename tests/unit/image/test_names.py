"""Whether an image is a version's, when the version's tag has come to another image."""

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.image import names

OWN, OTHER = ("sha256:" + letter * 64 for letter in "ab")
IMAGE = ImageRef.parse(f"registry.example/shop-web:1.5.0-alpha.8@{OWN}")
BUILT = {"config": {"Labels": {names.VERSION: "1.5.0-alpha.7"}}}


class Registry:
    """Has one image, and one tag."""

    def __init__(self, tagged: str | None):
        self.tagged = tagged

    def digest(self, image: ImageRef) -> str | None:
        return self.tagged if image.tag == "1.5.0-alpha.7" else None

    def document(self, image: ImageRef, path: str) -> dict:
        return {f"manifests/{OWN}": {"config": {"digest": "sha256:c"}}, "blobs/sha256:c": BUILT}[path]


@pytest.mark.parametrize("tagged", [OWN, OTHER, None], ids=["own", "moved", "removed"])
def test_an_image_is_the_version_that_it_was_built_as_wherever_the_tag_is(tagged):
    assert names.is_version(Registry(tagged), IMAGE, "1.5.0-alpha.7")


def test_it_is_no_version_that_nobody_knows_it_by():
    assert not names.is_version(Registry(OTHER), IMAGE, "1.5.0-alpha.6")
