"""Pins in an overlay's kustomization."""

from dataclasses import replace

import pytest

from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests import layout, overlay
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


def test_a_preview_is_the_overlay_of_all_previews_in_a_namespace_of_its_own(settings, tmp_path):
    config = load({**settings, "previews": {"namespace": "vote-preview"}}, tmp_path).with_preview(12)
    text = overlay.pinned(f"namespace: any\n{TEXT}", config, "preview-12", {"front": FRONT}, WHERE)
    assert text.startswith("namespace: vote-preview-12\n# the pins\n")
    assert layout.written_in(config, "preview-12") == "manifests/overlays/preview/kustomization.yaml"


def test_an_overlay_of_previews_that_names_no_namespace_is_refused(settings, tmp_path):
    """Its objects would go to whatever kubectl takes for one."""
    config = load({**settings, "previews": {"namespace": "vote-preview"}}, tmp_path).with_preview(12)
    with pytest.raises(AksFlowError, match="namespace"):
        overlay.pinned(TEXT, config, "preview-12", {"front": FRONT}, WHERE)


@pytest.mark.parametrize(
    ("kind", "own", "folder"),
    [
        ("kustomize", "", "overlays/preview"),
        ("plain", "", "preview"),
        ("plain", "manifests/pull-requests", "pull-requests"),
    ],
)
def test_the_folder_of_previews_is_no_other_environment_s(settings, tmp_path, kind, own, folder):
    settings["app"]["render"] = {"kind": kind}
    del settings["secrets"]["redis-auth"]["component"]
    config = load({**settings, "previews": {"namespace": "vote-preview", "overlay": own}}, tmp_path)
    assert layout.own_folders(config)["preview"] == folder
    assert layout.own_folders(config.with_preview(12))["preview-12"] == folder
