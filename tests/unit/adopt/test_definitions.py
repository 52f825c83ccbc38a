"""What an adoption writes for Argo CD fits Argo CD's own definitions."""

import yaml

from aks_flow.rehearsal.standins.argocd import unoffered
from tests.unit.adopt.test_previews import asking
from tests.unit.gitops.definitions import faults


def test_its_objects_fit(tmp_path):
    repository = asking(tmp_path, "kustomize-two-images")
    repository.adopt()
    texts = {name: text for name, text in repository.files().items() if "/argocd/" in name}
    items = [yaml.safe_load(text) for name, text in texts.items() if "kustomization" not in name]
    assert {item["kind"] for item in items} == {"Application", "AppProject", "ApplicationSet"}
    assert [fault for item in items for fault in faults(item)] == []
    made = [item.get("spec", {}).get("template", item) for item in items if item["kind"] != "AppProject"]
    for item in made:
        assert unoffered.faults(None, item) == [] and "annotations" not in item["metadata"]
        assert item["spec"]["syncPolicy"]["retry"]["refresh"] is True
