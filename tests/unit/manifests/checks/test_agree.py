"""The manifests of every environment agree with each other and with the app; and faults are found."""

import fnmatch
import sys
from dataclasses import replace

import jsonpatch
import pytest

from aks_flow.core.config.checks import BASELINE, RESTRICTED
from aks_flow.manifests.checks.agree import check
from aks_flow.manifests.checks.containers import PROBES
from aks_flow.manifests.checks.facts import Surroundings
from aks_flow.manifests.checks.findings import ERROR, POLICY, rules
from aks_flow.manifests.checks.pod_security import violations
from aks_flow.manifests.checks.selectors import matches
from aks_flow.manifests.checks.view import FieldView
from aks_flow.manifests.sync_waves import ManifestDocument, order
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


def served() -> set[str]:
    """The paths that the sample's probes may ask."""
    sys.path.insert(0, str(ROOT / "app"))
    from vote.app import create_apps

    return {rule.rule for rule in create_apps({}).internal.url_map.iter_rules()}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_probes_of_the_sample_ask_what_it_serves(environment):
    [front] = [item for item in rendered(OVERLAYS / environment) if item["kind"] == "Deployment"]
    [container] = front["spec"]["template"]["spec"]["containers"]
    assert {container[probe]["httpGet"]["path"] for probe in PROBES} <= served()


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
    own = replace(SURROUNDINGS, namespace=f"vote-{environment}", others={})
    assert [str(finding) for finding in check(objects, own).findings] == []


@pytest.mark.parametrize("environment", [*ENVIRONMENTS, "preview"])
def test_all_traffic_is_denied_once_what_the_app_needs_is_let_through(environment):
    policies = (item for item in rendered(OVERLAYS / environment) if item["kind"] == "NetworkPolicy")
    first, last = order(ManifestDocument("", policy) for policy in policies).waves
    assert [document.ref for document in first.documents] == ["networkpolicy/front", "networkpolicy/redis"]
    (deny,) = (document.object for document in last.documents)
    assert deny["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["fault"])
def test_a_fault_is_found(case):
    result = check(seeded(case), SURROUNDINGS)
    found = [str(finding) for finding in result.findings]
    assert len(found) == len(case["findings"]), found
    for text, pattern in zip(found, case["findings"], strict=True):
        assert fnmatch.fnmatchcase(text, pattern)


@pytest.mark.parametrize("case", POD_FAULTS, ids=lambda case: case["patch"][0]["path"].strip("/"))
def test_pod_security_restricted_is_judged_field_by_field(case):
    assert said(RESTRICTED_POD) == []
    expected = [case["says"]] if case["says"] else []
    assert said(jsonpatch.apply_patch(RESTRICTED_POD, case["patch"])) == expected


# What of the cases "baseline" allows though "restricted" forbids it.
ALLOWED_BY_BASELINE = (
    "*: securityContext.allowPrivilegeEscalation is *",
    "*: securityContext.capabilities.drop does not hold ALL",
    "*: securityContext.runAsNonRoot is *",
    "*: securityContext.runAsUser is 0",
    "*: securityContext.seccompProfile.type is None",
    "volume v is of type nfs",
)


@pytest.mark.parametrize("case", POD_FAULTS, ids=lambda case: case["patch"][0]["path"].strip("/"))
def test_pod_security_baseline_asks_for_less(case):
    says = case["says"] or ""
    allowed = not says or any(fnmatch.fnmatchcase(says, pattern) for pattern in ALLOWED_BY_BASELINE)
    pod = jsonpatch.apply_patch(RESTRICTED_POD, case["patch"])
    assert said(pod, BASELINE) == ([] if allowed else [says])


@pytest.mark.parametrize(("capability", "allowed"), [("CHOWN", True), ("NET_RAW", False)])
def test_baseline_allows_the_capabilities_that_an_engine_gives(capability, allowed):
    context = {"capabilities": {"add": [capability]}}
    assert (said({"containers": [{"name": "c", "securityContext": context}]}, BASELINE) == []) is allowed


def said(pod: dict, policy: str = RESTRICTED) -> list[str]:
    return [what for _, what in violations(FieldView(pod), policy)]


@pytest.mark.parametrize(("policy", "least"), [("baseline", {"baseline"}), ("off", set())])
def test_a_policy_asks_for_the_rules_that_are_its_own(policy, least):
    asked = {rule.least for rule in rules().values() if rule.kind == POLICY and rule.is_asked(policy)}
    assert asked == least
    assert all(rule.is_asked(policy) for rule in rules().values() if rule.kind == ERROR)


@pytest.mark.parametrize(
    ("level", "policy", "findings"),
    [
        ("restricted", "baseline", 0),
        ("baseline", "baseline", 0),
        ("privileged", "baseline", 1),
        ("baseline", "restricted", 1),
        ("privileged", "off", 0),
    ],
)
def test_a_namespace_enforces_what_the_policy_asks_for_or_more(level, policy, findings):
    label = {"pod-security.kubernetes.io/enforce": level}
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x", "labels": label}}
    assert len(check([namespace], Surroundings("x", policy=policy)).findings) == findings


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
