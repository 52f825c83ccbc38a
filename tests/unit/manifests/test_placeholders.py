"""What was rendered before the images were built, and when that has to be done again."""

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests import placeholders
from aks_flow.manifests.placeholders import PLACEHOLDER, fill_in, prerender
from aks_flow.manifests.render_request import RenderRequest

BUILT = {
    name: ImageRef("registry", name, "1.0.0", "sha256:" + hex_digit * 64) for name, hex_digit in ("w1", "a2")
}
STORE = ImageRef("registry", "store", "16", "sha256:" + "3" * 64)
IMAGES = BUILT | {"store": STORE}
UNBUILT = {"w": BUILT["w"].with_tag("1.0.0"), "a": BUILT["a"].with_tag("1.0.0"), "store": STORE}
UNNAMED = {
    "w": BUILT["w"].with_tag(PLACEHOLDER),
    "a": BUILT["a"].with_tag(PLACEHOLDER),
    "store": STORE.with_tag("16"),
}
PODS = "kind: Deployment\nimages: [{w}, {a}, {store}]\nwords: '{w} in words'\n"
POD = PODS + "---\nkind: ConfigMap\ndata: {data}\n"


@pytest.fixture
def rendered(config, monkeypatch):
    """Renders with placeholders what has some data in its ConfigMap; None for a chart."""

    def render(data: str = "none", kind: str = "kustomize", images=UNBUILT):
        def text(run, request, marks):
            return POD.format(**request.images, data=data.format(**request.images))

        monkeypatch.setattr(placeholders, "render", text)
        object.__setattr__(config.app.render, "kind", kind)
        return prerender(None, RenderRequest(config.root, "t", config, "dev", images), {})

    return render


@pytest.mark.parametrize("images", [UNBUILT, UNNAMED], ids=["not built", "not named"])
def test_what_was_built_takes_the_place_of_what_was_not(rendered, images):
    assert fill_in(rendered(images=images), IMAGES) == POD.format(**IMAGES, data="none")


def test_no_made_up_digest_is_left_and_each_image_has_its_own(rendered):
    made = rendered()
    digests = {image.digest for image in made.images.values()}
    assert len(digests) == 3 and STORE.digest in digests
    assert not any(made.images[name].digest in fill_in(made, IMAGES) for name in ("w", "a"))


@pytest.mark.parametrize("data", ["{w}", "'{a}'"])
def test_what_a_name_may_hash_is_rendered_anew(rendered, data):
    assert fill_in(rendered(data), IMAGES) == ""


@pytest.mark.parametrize("data", [PLACEHOLDER, "{store}"], ids=["a version", "a copy"])
def test_what_was_not_told_may_not_be_hashed_either(rendered, data):
    assert fill_in(rendered(data, images=UNNAMED), IMAGES) == ""


def test_images_of_two_versions_are_rendered_anew(rendered):
    other = IMAGES | {"w": BUILT["w"].with_tag("1.0.1", BUILT["w"].digest)}
    assert fill_in(rendered(images=UNNAMED), other) == ""


def test_images_that_are_only_planned_are_rendered_anew(rendered):
    assert fill_in(rendered(images=UNNAMED), UNBUILT) == ""


def test_a_digest_that_was_known_may_stand_anywhere(rendered):
    assert fill_in(rendered("{store}"), IMAGES) == POD.format(**IMAGES, data=STORE)


@pytest.mark.parametrize(
    "other",
    [
        IMAGES | {"w": BUILT["w"].with_tag("1.0.1", BUILT["w"].digest)},
        IMAGES | {"more": STORE},
        {"w": BUILT["w"], "store": STORE},
        IMAGES | {"store": STORE.with_tag("16", "sha256:" + "4" * 64)},
    ],
    ids=["another version", "one more", "one less", "another copy"],
)
def test_other_images_are_rendered_anew(rendered, other):
    made = rendered("{store}")
    assert fill_in(made, other) == ""


def test_a_chart_is_not_prerendered(rendered):
    assert rendered(kind="helm") is None
