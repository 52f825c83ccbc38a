"""What a workflow's later jobs, and who looks at its run, learn of a published image."""

import json

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.image.build import Built
from aks_flow.report import image

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("admitting", "names", "told"),
    [
        ({"dev": True, "live": False}, ["dev"], "may go to dev, and not to live"),
        ({"dev": True, "live": True}, ["dev", "live"], "may go to dev, live"),
        ({"live": False}, [], "may go to no environment, and not to live"),
    ],
)
def test_where_a_version_may_go(tmp_path, monkeypatch, admitting, names, told):
    output, summary = tmp_path / "output", tmp_path / "summary"
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path))
    built = Built(ImageRef.parse(f"localhost:5050/front:1.5.0-main.3@{DIGEST}"), "key", new=True)
    image.show_built(built, DIGEST, admitting, as_json=False)
    outputs = dict(line.split("=", 1) for line in output.read_text().splitlines() if "=" in line)
    assert json.loads(outputs["admitting"]) == names
    assert f"1.5.0-main.3 {told}" in summary.read_text().splitlines()
