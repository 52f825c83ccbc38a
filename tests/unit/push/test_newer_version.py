"""What a push leaves on the app's own workload for the next one."""

from types import SimpleNamespace

import pytest

from aks_flow.gitflow.supersede import Delivered
from aks_flow.manifests import render
from aks_flow.push import newer_version
from tests.unit.rendering import rendered


def test_a_deployment_that_no_delivery_marked_tells_nothing():
    assert newer_version.running({}) is None
    assert newer_version.running({"metadata": {"annotations": {"a": "b"}}}) is None


def test_the_mark_is_read_from_the_deployment():
    delivered = Delivered("c0ffee", "1.5.0")
    assert newer_version.running({"metadata": {"annotations": newer_version.marks(delivered)}}) == delivered


@pytest.mark.parametrize(("kind", "is_own"), [("Deployment", True), ("StatefulSet", True), ("Job", False)])
def test_the_app_may_be_a_stateful_set(tmp_path, kind, is_own):
    """It gets the marks, and is what is asked for them."""
    folder = tmp_path / "overlay"
    folder.mkdir()
    (folder / "kustomization.yaml").write_text("resources: [app.yaml]\n")
    group = "batch" if kind == "Job" else "apps"
    (folder / "app.yaml").write_text(f"apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: front}}\n")
    delivered = Delivered("c0ffee", "1.5.0")
    [item] = rendered(render._marked(tmp_path, folder, "front", newer_version.marks(delivered)))
    assert newer_version.running(item) == (delivered if is_own else None)
    context = SimpleNamespace(config=SimpleNamespace(app=SimpleNamespace(name="front")))
    assert newer_version._own(context, [item]) == ([item] if is_own else [])
