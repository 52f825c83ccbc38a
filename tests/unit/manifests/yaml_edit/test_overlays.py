"""The shape of the manifests: small overlays, one object a file, a pin that reaches the app."""

import difflib
import shutil
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from tests.unit.rendering import ENVIRONMENTS, OVERLAYS, ROOT, container, deployment, rendered


@pytest.mark.parametrize(("first", "other"), list(combinations(ENVIRONMENTS, 2)))
def test_overlays_differ_by_a_few_lines(first, other):
    texts = [(OVERLAYS / name / "kustomization.yaml").read_text().splitlines() for name in (first, other)]
    changed = [line for line in difflib.ndiff(*texts) if line.startswith(("+ ", "- "))]
    assert 0 < len(changed) <= 6
    assert [path.name for path in (OVERLAYS / first).iterdir()] == ["kustomization.yaml"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_front_end_is_told_which_image_it_is(environment):
    front = container(OVERLAYS / environment)
    variables = {variable["name"]: variable.get("value") for variable in front["env"]}
    assert variables["APP_IMAGE"] == front["image"]
    assert front["image"].endswith(":0.0.0@sha256:" + "0" * 64)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_environment_has_a_namespace_and_no_secret_of_its_own(environment):
    objects = rendered(OVERLAYS / environment)
    assert [item["metadata"]["name"] for item in objects if item["kind"] == "Namespace"] == [
        f"vote-{environment}"
    ]
    assert not [item for item in objects if item["kind"] == "Secret"]


def test_files_of_the_base_hold_one_object_each():
    files = [path for path in (ROOT / "manifests").rglob("*.yaml") if path.name != "kustomization.yaml"]
    assert files
    for path in files:
        assert len(list(yaml.safe_load_all(path.read_text()))) == 1, path


def test_a_rolling_update_adds_before_it_takes_away():
    spec = deployment(OVERLAYS / "production")["spec"]
    assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


def test_a_changed_setting_starts_a_rolling_update(tmp_path):
    manifests = [shutil.copytree(ROOT / "manifests", tmp_path / name) for name in ("before", "after")]
    (manifests[1] / "base/front/front.env").write_text("TITLE=Other?\nOPTIONS=a,b\n")
    assert title_source(manifests[0]) != title_source(manifests[1])


def title_source(manifests: Path) -> str:
    """The name of the ConfigMap that holds the title."""
    (title,) = (item for item in container(manifests / "overlays/dev")["env"] if item["name"] == "TITLE")
    return title["valueFrom"]["configMapKeyRef"]["name"]
