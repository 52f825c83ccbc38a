"""What the rehearsal does not do is said."""

import pytest

from aks_flow.rehearsal.standins.argocd import unoffered
from tests.unit.rendering import ROOT, rendered

# A spec -> what is not offered of it.
SPECS = {
    "a kustomization": ({"source": {"repoURL": "r", "path": "p", "targetRevision": "main"}}, []),
    "a folder and below": ({"source": {"directory": {"recurse": True}}}, []),
    "a folder of jsonnet": ({"source": {"directory": {"jsonnet": {}}}}, ["spec.source.directory.jsonnet"]),
    "a chart": ({"source": {"chart": "c", "helm": {"x": ""}}}, ["spec.source.chart", "spec.source.helm"]),
    "two sources": ({"sources": [{}, {}]}, ["spec.sources"]),
    "differences to be ignored": ({"ignoreDifferences": [{"kind": "Job"}]}, ["spec.ignoreDifferences"]),
    "options that count": ({"syncPolicy": {"syncOptions": ["CreateNamespace=true", "PruneLast=true"]}}, []),
    "options that do not": (
        {"syncPolicy": {"syncOptions": ["ServerSideApply=true", "Replace=true"]}},
        ["ServerSideApply=true", "Replace=true"],
    ),
}


@pytest.mark.parametrize(("spec", "names"), SPECS.values(), ids=SPECS)
def test_what_is_not_offered_is_named(spec, names):
    said = unoffered.faults(None, {"spec": spec})
    assert said == [f"the rehearsal does not offer this: {name}" for name in names]


def test_a_project_s_sync_windows_are_not_offered():
    [fault] = unoffered.faults({"spec": {"syncWindows": [{"kind": "deny"}]}}, {"spec": {}})
    assert "syncWindows of the AppProject" in fault


def test_our_own_objects_ask_for_nothing_else():
    items = rendered(ROOT / "manifests" / "argocd")
    [project] = [item for item in items if item["kind"] == "AppProject"]
    applications = [item for item in items if item["kind"] == "Application"]
    assert len(applications) == 3
    assert [fault for item in applications for fault in unoffered.faults(project, item)] == []
