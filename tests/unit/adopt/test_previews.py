"""A project that wants previews gets what they need, when `adopt` is run again."""

import pytest
import yaml

from aks_flow import collection
from aks_flow.adopt.content import previews
from aks_flow.cli.workflows import find
from aks_flow.core.runner import Local
from aks_flow.manifests.yaml_edit.fields import set_scalar
from tests.unit.adopt.repositories import TeamRepository, adopted

WORKFLOW = ".github/workflows/preview.yml"


def asking(tmp_path, shape: str) -> TeamRepository:
    repository = adopted(tmp_path, shape)
    text = repository.files()["invoke.yaml"].decode()
    asked = set_scalar(text, "previews.namespace", "team-preview", where="invoke.yaml")
    repository.put("invoke.yaml", asked)
    repository.commit()
    return repository


def test_nobody_gets_them_unasked(tmp_path):
    files = adopted(tmp_path, "kustomize-two-images").files()
    assert not [name for name in files if "preview" in name]
    assert yaml.safe_load(files["invoke.yaml"])["previews"]["namespace"] == ""


def test_whoever_asks_gets_workflow_overlay_and_bounds(tmp_path):
    repository = asking(tmp_path, "kustomize-two-images")
    before = set(repository.files())
    repository.adopt()
    files = repository.files()
    folder = "k8s/overlays/preview"
    names = {f"{folder}/{name}" for name in ("kustomization.yaml", "quota.yaml", "limits.yaml")}
    argocd = {f"k8s/argocd/{name}" for name in ("previews.yaml", "preview-project.yaml")}
    assert files.keys() - before == {WORKFLOW, *names, *argocd}
    project = yaml.safe_load(files["k8s/argocd/preview-project.yaml"])
    applications = yaml.safe_load(files["k8s/argocd/previews.yaml"])
    assert applications["spec"]["template"]["spec"]["project"] == project["metadata"]["name"]
    assert project["spec"]["clusterResourceWhitelist"] == [
        {"group": "", "kind": "Namespace", "name": "team-preview-*"}
    ]
    kinds = {item["kind"] for item in project["spec"]["namespaceResourceWhitelist"]}
    assert {"ResourceQuota", "LimitRange", "Deployment"} <= kinds
    overlay = yaml.safe_load(files[f"{folder}/kustomization.yaml"])
    assert overlay["namespace"] == "team-preview" and overlay["images"]
    assert overlay["resources"][-2:] == ["quota.yaml", "limits.yaml"]


def test_all_files_of_the_first_overlay_come_along_at_whatever_depth(tmp_path):
    """Pins on top of a team's overlay have a folder of names in them, and one may have patches in files."""
    repository = adopted(tmp_path, "kustomize-two-images")
    folder = repository.path / "k8s/overlays/dev"
    text = (folder / "kustomization.yaml").read_text()
    (folder / "more").mkdir()
    (folder / "more/kustomization.yaml").write_text("resources: [../../../base]\n")
    (folder / "one.yaml").write_text("- {op: add, path: /metadata/labels, value: {x: y}}\n")
    text = text.replace("resources: [../../base]", "resources: [more]")
    patch = "patches:\n  - {path: one.yaml, target: {kind: Deployment}}\n"
    (folder / "kustomization.yaml").write_text(text + patch)
    config = repository.files()["invoke.yaml"].decode()
    config = set_scalar(config, "previews.namespace", "team-preview", where="invoke.yaml")
    config = set_scalar(config, "previews.overlay", "k8s/deep/er/preview", where="invoke.yaml")
    repository.put("invoke.yaml", config)
    repository.commit()
    repository.adopt()
    files = repository.files()
    assert yaml.safe_load(files["k8s/deep/er/preview/more/kustomization.yaml"]) == {
        "resources": ["../../../../base"]
    }
    assert files["k8s/deep/er/preview/one.yaml"] == files["k8s/overlays/dev/one.yaml"]


@pytest.mark.parametrize(
    "resources",
    ["resources:\n  - ../../base\n", "resources:\n- ../../base\n", "resources: [../../base]\n"],
)
def test_bounds_come_behind_the_resources_however_they_are_written(resources):
    text = previews.overlay(f"namespace: dev\n{resources}images: []\n", "p", "kustomization.yaml")
    overlay = yaml.safe_load(text)
    assert overlay["namespace"] == "p" and overlay["images"] == []
    assert overlay["resources"] == ["../../base", "quota.yaml", "limits.yaml"]


def test_plain_manifests_get_the_bounds_in_a_folder_of_previews_alone(tmp_path):
    repository = asking(tmp_path, "one-dockerfile")
    repository.adopt()
    files = repository.files()
    [quota] = [name for name in files if name.endswith("preview/quota.yaml")]
    assert yaml.safe_load(files[quota])["kind"] == "ResourceQuota"


def test_what_is_written_passes_the_checks_of_workflows(tmp_path):
    repository = asking(tmp_path, "kustomize-two-images")
    repository.adopt()
    assert [str(finding) for finding in find(Local(), repository.path, collection())] == []
