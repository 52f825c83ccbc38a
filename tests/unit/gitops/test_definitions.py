"""What is written for Argo CD fits Argo CD's own definitions: known fields, of their types, none missing."""

import pytest
import yaml

from aks_flow.gitops import argocd
from tests.unit.gitops.definitions import faults
from tests.unit.gitops.test_argocd import config, with_previews  # noqa: F401

ORIGIN = "git@github.example.com:team/vote.git"


def sample(config) -> list[dict]:  # noqa: F811
    asked, run = with_previews(config, ORIGIN)
    return list(yaml.safe_load_all(argocd.objects(run, asked)))


def test_the_sample_s_objects_and_its_previews_fit(config):  # noqa: F811
    items = sample(config)
    assert {item["kind"] for item in items} == {"Application", "AppProject", "ApplicationSet"}
    assert {item["metadata"]["name"]: faults(item) for item in items if faults(item)} == {}


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
