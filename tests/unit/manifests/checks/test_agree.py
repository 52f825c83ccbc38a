"""The manifests of every environment agree with each other and with the app; and faults are found."""

import copy
import fnmatch
import sys
from functools import cache
from pathlib import Path

import jsonpatch
import pytest
import yaml

from aks_flow.manifests.checks.agree import findings
from aks_flow.manifests.checks.facts import matches, where
from aks_flow.manifests.checks.pod_security import violations
from tests.unit.rendering import ENVIRONMENTS, OVERLAYS, ROOT, rendered

DATA = Path(__file__).parent / "data"
SECRETS = {"redis-auth": {"password"}}
FAULTS = yaml.safe_load((DATA / "manifest_faults.yaml").read_text())
POD_FAULTS = yaml.safe_load((DATA / "pod_security_faults.yaml").read_text())
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
    from vote.app import create_app

    return {"front": {rule.rule for rule in create_app({}).url_map.iter_rules()}}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_all_objects_of_an_environment_agree(environment):
    objects = rendered(OVERLAYS / environment)
    assert {item["kind"] for item in objects} == {
        "Namespace",
        "ConfigMap",
        "Service",
        "Deployment",
        "StatefulSet",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "NetworkPolicy",
    }
    assert [str(finding) for finding in findings(objects, routes(), SECRETS)] == []


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["fault"])
def test_a_fault_is_found(case):
    objects = seeded(rendered(OVERLAYS / "production"), case)
    sentences = [str(finding) for finding in findings(objects, routes(), SECRETS)]
    assert len(sentences) == len(case["findings"]), sentences
    for text, pattern in zip(sentences, case["findings"], strict=True):
        assert fnmatch.fnmatchcase(text, pattern)


def seeded(objects: list[dict], case: dict) -> list[dict]:
    """The objects with one case's fault in them."""
    objects = copy.deepcopy(objects)
    if "add" in case:
        return [*objects, case["add"]]
    pattern = case.get("object") or case["remove"]
    (target,) = (item for item in objects if fnmatch.fnmatchcase(where(item), pattern))
    if "remove" in case:
        return [item for item in objects if item is not target]
    jsonpatch.apply_patch(target, case["patch"], in_place=True)
    return objects


@pytest.mark.parametrize("case", POD_FAULTS, ids=lambda case: case["patch"][0]["path"].strip("/"))
def test_pod_security_restricted_is_judged_field_by_field(case):
    assert list(violations(RESTRICTED_POD)) == []
    expected = [case["says"]] if case["says"] else []
    assert list(violations(jsonpatch.apply_patch(RESTRICTED_POD, case["patch"]))) == expected


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
    assert matches({"matchExpressions": [term]}, {"a": "1"}) is selected


def test_an_empty_selector_selects_everything_and_none_nothing():
    assert matches({}, {"a": "1"})
    assert not matches(None, {"a": "1"})
