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
    "options that count": ({"syncPolicy": {"syncOptions": ["CreateNamespace=true", "PruneLast=true"]}}, []),
}
# The same by area: each of these is refused.
DIFFERENCES = {
    "differences to be ignored": ({"ignoreDifferences": [{"kind": "Job"}]}, ["spec.ignoreDifferences"]),
    "ignored differences that stay": (
        {"syncPolicy": {"syncOptions": ["RespectIgnoreDifferences=true"]}},
        ["RespectIgnoreDifferences=true"],
    ),
    "server-side apply": (
        {"syncPolicy": {"syncOptions": ["ServerSideApply=true"]}},
        ["ServerSideApply=true"],
    ),
}
ORDER = {
    "replaced, not applied": ({"syncPolicy": {"syncOptions": ["Replace=true"]}}, ["Replace=true"]),
    "only what differs": (
        {"syncPolicy": {"syncOptions": ["ApplyOutOfSyncOnly=true"]}},
        ["ApplyOutOfSyncOnly=true"],
    ),
    "no validation": ({"syncPolicy": {"syncOptions": ["Validate=false"]}}, ["Validate=false"]),
}


ALL = SPECS | DIFFERENCES | ORDER


@pytest.mark.parametrize(("spec", "names"), ALL.values(), ids=ALL)
def test_what_is_not_offered_is_named(spec, names):
    said = unoffered.faults(None, {"spec": spec})
    assert said == [f"the rehearsal does not offer this: {name}" for name in names]


def test_an_annotation_that_has_no_effect_here_is_named():
    given = {f"argocd.argoproj.io/{name}": "/dev" for name in ("manifest-generate-paths", "skip-reconcile")}
    [fault] = unoffered.faults(None, {"metadata": {"annotations": given}, "spec": {}})
    assert fault == "the rehearsal does not offer this: argocd.argoproj.io/skip-reconcile"


def with_options(options: str, annotation: str = "sync-options") -> dict:
    annotations = {f"argocd.argoproj.io/{annotation}": options}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "migrate", "annotations": annotations},
    }


OBJECTS = {
    "options that count": (with_options("Prune=false, PruneLast=true,Delete=false"), []),
    "a comparison that counts": (with_options("IgnoreExtraneous", "compare-options"), []),
    "replaced, not applied": (with_options("Prune=confirm,Replace=true"), ["Replace=true"]),
    "applied by the server": (with_options("ServerSideApply=true"), ["ServerSideApply=true"]),
    "made anew": (with_options("Force=true,Replace=true"), ["Force=true", "Replace=true"]),
    "kinds that come later": (
        with_options("SkipDryRunOnMissingResource=true"),
        ["SkipDryRunOnMissingResource=true"],
    ),
    "compared by the server": (
        with_options("ServerSideDiff=true", "compare-options"),
        ["ServerSideDiff=true"],
    ),
    "before the Application goes": (with_options("PreDelete", "hook"), ["PreDelete"]),
    "a chart's own": (with_options("PostSync", "hook"), []),
}


@pytest.mark.parametrize(("item", "options"), OBJECTS.values(), ids=OBJECTS)
def test_what_an_object_asks_for_and_does_not_get_is_named(item, options):
    said = unoffered.of_objects([item])
    assert said == [f"the rehearsal does not offer this: {option} of Job/migrate" for option in options]


# What an AppProject may ask for and is refused.
PROJECT = {
    "sync windows": {"syncWindows": [{"kind": "deny"}]},
    "signed commits": {"signatureKeys": [{"keyID": "4AEE18F83AFDEB23"}]},
}


@pytest.mark.parametrize("spec", PROJECT.values(), ids=PROJECT)
def test_what_a_project_asks_for_is_not_offered(spec):
    [fault] = unoffered.faults({"spec": spec}, {"spec": {}})
    assert f"{next(iter(spec))} of the AppProject" in fault


def test_our_own_objects_ask_for_nothing_else():
    items = rendered(ROOT / "manifests" / "argocd")
    [project] = [item for item in items if item["kind"] == "AppProject"]
    applications = [item for item in items if item["kind"] == "Application"]
    assert len(applications) == 3
    assert [fault for item in applications for fault in unoffered.faults(project, item)] == []
