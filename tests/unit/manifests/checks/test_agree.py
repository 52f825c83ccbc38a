"""The manifests of every environment agree with each other and with the app; and faults are found."""

import fnmatch
import sys
from dataclasses import replace
from functools import cache

import jsonpatch
import pytest

from aks_flow.manifests.checks.agree import check
from aks_flow.manifests.checks.pod_security import violations
from aks_flow.manifests.checks.selectors import matches
from aks_flow.manifests.checks.view import FieldView
from tests.unit.manifests.checks.cases import SURROUNDINGS, cases, seeded
from tests.unit.rendering import ENVIRONMENTS, OVERLAYS, ROOT, rendered

FAULTS = cases("manifest_faults.yaml")
POD_FAULTS = cases("pod_security_faults.yaml")
RESTRICTED_POD = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [
        {
            "name": "c",
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        }
    ],
}


@cache
def routes() -> dict[str, set[str]]:
    sys.path.insert(0, str(ROOT / "app"))
    from vote.app import create_apps

    return {"front": {rule.rule for rule in create_apps({}).internal.url_map.iter_rules()}}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_all_objects_of_an_environment_agree(environment):
    objects = rendered(OVERLAYS / environment)
    assert {found["kind"] for found in objects} == {
        "Namespace",
        "ConfigMap",
        "Service",
        "Deployment",
        "StatefulSet",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "NetworkPolicy",
    }
    own = replace(SURROUNDINGS, namespace=f"vote-{environment}", others={}, routes=routes())
    assert [str(finding) for finding in check(objects, own).findings] == []


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["fault"])
def test_a_fault_is_found(case):
    result = check(seeded(case), replace(SURROUNDINGS, routes=routes()))
    found = [str(finding) for finding in result.findings]
    assert len(found) == len(case["findings"]), found
    for text, pattern in zip(found, case["findings"], strict=True):
        assert fnmatch.fnmatchcase(text, pattern)


@pytest.mark.parametrize("case", POD_FAULTS, ids=lambda case: case["patch"][0]["path"].strip("/"))
def test_pod_security_restricted_is_judged_field_by_field(case):
    assert said(RESTRICTED_POD) == []
    expected = [case["says"]] if case["says"] else []
    assert said(jsonpatch.apply_patch(RESTRICTED_POD, case["patch"])) == expected


def said(pod: dict) -> list[str]:
    return [what for _, what in violations(FieldView(pod))]


@pytest.mark.parametrize(
    ("term", "selected"),
    [
        ({"key": "a", "operator": "In", "values": ["1", "2"]}, True),
        ({"key": "a", "operator": "NotIn", "values": ["1"]}, False),
        ({"key": "b", "operator": "NotIn", "values": ["1"]}, True),
        ({"key": "a", "operator": "Exists"}, True),
        ({"key": "b", "operator": "Exists"}, False),
        ({"key": "b", "operator": "DoesNotExist"}, True),
    ],
)
def test_selectors_understand_expressions(term, selected):
    assert matches(FieldView({"matchExpressions": [term]}), {"a": "1"}) is selected


def test_an_empty_selector_selects_everything_and_none_nothing():
    assert matches(FieldView({}), {"a": "1"})
    assert not matches(FieldView(None), {"a": "1"})
