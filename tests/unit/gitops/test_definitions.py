"""What is written for Argo CD fits Argo CD's own definitions: known fields, of their types, none missing."""

from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from aks_flow.gitops import argocd
from aks_flow.rehearsal.standins import argocd as standin
from aks_flow.rehearsal.standins.kubernetes.kinds import structural
from tests.unit.adopt.test_previews import asking
from tests.unit.gitops.test_argocd import config, with_previews  # noqa: F401

ORIGIN = "git@github.example.com:team/vote.git"
SCHEMAS = {"Application": "application", "AppProject": "app-project"}


def schema(kind: str) -> dict:
    if kind == "ApplicationSet":
        made = yaml.safe_load((Path(__file__).parent / "data/application-set.yaml").read_text())
        template = made["properties"]["spec"]["properties"]["template"]
        template["properties"]["spec"] = schema("Application")["properties"]["spec"]
        return made
    file = Path(standin.__file__).with_name("crds") / f"{SCHEMAS[kind]}.yaml"
    [version] = yaml.safe_load(file.read_text())["spec"]["versions"]
    return version["schema"]["openAPIV3Schema"]


def faults(item: dict) -> list[str]:
    """Unknown fields, and what is of the wrong type or missing."""
    rules = schema(item["kind"])
    unknown = structural.prune(rules, deepcopy(item))
    return [*unknown, *(f"{cause.field}: {cause.message}" for cause in structural.check(rules, item))]


def sample(config) -> list[dict]:  # noqa: F811
    asked, run = with_previews(config, ORIGIN)
    return list(yaml.safe_load_all(argocd.objects(run, asked)))


def test_the_sample_s_objects_and_its_previews_fit(config):  # noqa: F811
    items = sample(config)
    assert {item["kind"] for item in items} == {"Application", "AppProject", "ApplicationSet"}
    assert {item["metadata"]["name"]: faults(item) for item in items if faults(item)} == {}


def test_what_an_adoption_writes_fits(tmp_path):
    repository = asking(tmp_path, "kustomize-two-images")
    repository.adopt()
    texts = {name: text for name, text in repository.files().items() if "/argocd/" in name}
    items = [yaml.safe_load(text) for name, text in texts.items() if "kustomization" not in name]
    assert {item["kind"] for item in items} == {"Application", "AppProject", "ApplicationSet"}
    assert [fault for item in items for fault in faults(item)] == []
    made = [item.get("spec", {}).get("template", item) for item in items if item["kind"] != "AppProject"]
    for item in made:
        folder = item["spec"]["source"]["path"].partition("/")[0]
        assert item["metadata"]["annotations"]["argocd.argoproj.io/manifest-generate-paths"] == f"/{folder}"
        assert item["spec"]["syncPolicy"]["retry"]["refresh"] is True


# A field that Argo CD would not know, of another type, or that it needs: kind, path, and what is put there.
WRONG = {
    "an option that a server would drop": ("Application", "spec.syncPolicy.automated", {"prunes": True}),
    "a number as text": ("Application", "spec.syncPolicy.retry", {"limit": "2"}),
    "no project": ("Application", "spec", {"destination": {}}),
    "a name where kinds have none": (
        "AppProject",
        "spec",
        {"namespaceResourceWhitelist": [{"group": "", "kind": "Service", "name": "front"}]},
    ),
    "a kind without its group": ("AppProject", "spec", {"clusterResourceWhitelist": [{"kind": "Namespace"}]}),
    "no repository": ("ApplicationSet", "spec.generators.0.pullRequest.github", {"owner": "team"}),
    "a label that is no list": (
        "ApplicationSet",
        "spec.generators.0.pullRequest.github",
        {"owner": "team", "repo": "vote", "labels": "preview"},
    ),
    "a fault inside the template": ("ApplicationSet", "spec.template.spec.source", {"branch": "gitops"}),
}


@pytest.mark.parametrize(("kind", "path", "value"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_seen(config, kind, path, value):  # noqa: F811
    item = next(item for item in sample(config) if item["kind"] == kind)
    *above, last = path.split(".")
    place = item
    for key in above:
        place = place[int(key) if key.isdigit() else key]
    place[last] = value
    assert faults(item)
