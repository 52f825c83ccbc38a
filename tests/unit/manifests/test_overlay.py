"""Pins in an overlay's kustomization."""

from dataclasses import replace

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests import overlay
from tests.unit.planned import DIGEST

FRONT = ImageRef("localhost:5050", "front", "1.5.0", DIGEST)
WHERE = "manifests/overlays/dev/kustomization.yaml"
TEXT = """# the pins
images:
  - name: front
    newName: registry.invalid/front
    newTag: "0.0.0"
  - name: other
    newName: kept
"""


def pinned(config, text: str = TEXT, **images: ImageRef) -> str:
    return overlay.pinned(text, config, "dev", images, WHERE)


def test_what_is_listed_is_pinned_and_the_rest_stays(config):
    text = pinned(config, front=FRONT, unlisted=FRONT)
    assert "newName: localhost:5050/front" in text and f"digest: {DIGEST}" in text and '"1.5.0"' in text
    assert text.startswith("# the pins\n") and text.endswith("  - name: other\n    newName: kept\n")


@pytest.mark.parametrize("text", ["images: [", "a: 1\n b: 2\n", "images: {}\n"])
def test_a_malformed_overlay_is_one_sentence_that_names_it(config, text):
    with pytest.raises(AksFlowError, match="kustomization.yaml"):
        pinned(config, text, front=FRONT)


def test_an_overlay_that_does_not_list_the_app_is_an_error_not_a_silent_success(config):
    with pytest.raises(AksFlowError, match="front"):
        pinned(config, TEXT.replace("front", "web"), front=FRONT)


@pytest.mark.parametrize(
    ("folder", "path"),
    [
        ("", "../../components/from-vault"),
        ("manifests/dev", "../components/from-vault"),
        ("manifests/clusters/eu/dev", "../../../components/from-vault"),
        ("manifests", "components/from-vault"),
    ],
)
def test_a_component_of_the_target_s_is_found_from_wherever_the_overlay_is(config, monkeypatch, folder, path):
    monkeypatch.setattr(type(config), "components", ("from-vault",))
    dev = replace(config.environments["dev"], overlay=folder)
    elsewhere = replace(config, environments={**config.environments, "dev": dev})
    assert pinned(elsewhere, front=FRONT).endswith(f"components:\n  - {path}\n")
