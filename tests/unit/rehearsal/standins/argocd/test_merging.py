"""Whether applying a manifest would change what is in the cluster."""

import json
from copy import deepcopy

import pytest

from aks_flow.rehearsal.standins.argocd import merging, names
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from tests.unit.rehearsal.standins.argocd.cases import cases
from tests.unit.rehearsal.standins.kubernetes.conftest import objects  # noqa: F401
from tests.unit.rendering import ENVIRONMENTS, OVERLAYS, rendered


def applied(item: dict, manifest: dict) -> dict:
    """An object as kubectl leaves it: with the manifest that it applied."""
    result = deepcopy(item)
    annotations = result["metadata"].setdefault("annotations", {})
    annotations[names.LAST_APPLIED] = json.dumps(manifest)
    return result


@cases("merging.yaml")
def test_an_object_differs_if_applying_would_change_it(case):
    live = applied(case["live"], case.get("earlier", case["target"]))
    assert merging.differs(case["target"], live) == case["differs"]


@cases("merging.yaml")
def test_once_applied_it_differs_no_more(case):
    live = applied(case["live"], case.get("earlier", case["target"]))
    again = applied(merging.predicted(case["target"], live), case["target"])
    assert not merging.differs(case["target"], again)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nothing_of_the_projects_own_manifests_differs_from_what_the_server_made_of_it(
    environment,
    objects: Objects,  # noqa: F811
):
    for item in rendered(OVERLAYS / environment):
        kind = objects.kinds.by_kind(item["apiVersion"], item["kind"])
        live = objects.create(kind, applied(item, item))
        assert not merging.differs(item, live), f"{item['kind']} {item['metadata']['name']}"
