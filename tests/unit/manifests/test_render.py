"""Pins in an overlay's kustomization."""

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests import render
from tests.unit.planned import DIGEST

FRONT = ImageRef("localhost:5050", "front", "1.5.0", DIGEST)
TEXT = """# the pins
images:
  - name: front
    newName: registry.invalid/front
    newTag: "0.0.0"
  - name: other
    newName: kept
"""


@pytest.fixture
def kustomization(tmp_path):
    file = tmp_path / "overlays/dev/kustomization.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(TEXT)
    return file


def test_what_is_listed_is_pinned_and_the_rest_stays(kustomization):
    render.pin(kustomization, "front", {"front": FRONT, "unlisted": FRONT})
    text = kustomization.read_text()
    assert "newName: localhost:5050/front" in text and f"digest: {DIGEST}" in text and '"1.5.0"' in text
    assert text.startswith("# the pins\n") and text.endswith("  - name: other\n    newName: kept\n")


@pytest.mark.parametrize("text", ["images: [", "a: 1\n b: 2\n", "images: {}\n"])
def test_a_malformed_overlay_is_one_sentence_that_names_it(kustomization, text):
    kustomization.write_text(text)
    with pytest.raises(AksFlowError, match="kustomization.yaml"):
        render.pin(kustomization, "front", {"front": FRONT})


def test_a_missing_overlay_names_the_environment(tmp_path):
    with pytest.raises(AksFlowError, match="qa: there is no overlay"):
        render.pin(tmp_path / "qa" / "kustomization.yaml", "front", {})


def test_an_overlay_that_does_not_list_the_app_is_an_error_not_a_silent_success(kustomization):
    with pytest.raises(AksFlowError, match="web"):
        render.pin(kustomization, "web", {"web": FRONT})
