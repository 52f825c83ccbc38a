"""Every kind that a standard server serves is served; what has no effect says so."""

import json
from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds, versions
from tests.unit.rehearsal.standins.kubernetes.test_http_custom import MERGE

STEPS = Path(__file__).parents[4] / "e2e/conformance/data/steps"
POLICY = {"metadata": {"name": "closed"}, "spec": {"podSelector": {}}}
POLICIES = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies"
OLD = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers"
NEW = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers"
WARNING = "this rehearsal cluster stores NetworkPolicy objects without effect: no traffic is restricted"


def recorded_resources() -> set[tuple[str, ...]]:
    """(plural, short names, apiVersion, namespaced, kind) of the recorded `kubectl api-resources`."""
    lines = json.loads((STEPS / "02-api-resources.json").read_text())["stdout"].splitlines()[1:]
    rows = ([line[:36].strip(), line[36:49].strip(), *line[49:].split()] for line in lines)
    return {tuple(row) for row in rows if row[2] != "argoproj.io/v1alpha1"}


def test_the_kinds_are_those_of_a_standard_server():
    preferred = {kind.resource: kind for kind in reversed(kinds.BUILTIN)}
    assert {
        (
            *(kind.plural, ",".join(kind.short_names), kind.api_version),
            *(str(kind.namespaced).lower(), kind.kind),
        )
        for kind in preferred.values()
    } == recorded_resources()


def test_whoever_writes_what_has_no_effect_is_told(server):
    created = server.call("POST", POLICIES, POLICY)
    assert (created.status, created.headers["Warning"]) == (201, f'299 - "{WARNING}"')
    assert "Warning" not in server.call("GET", POLICIES).headers


IDLE = [kind for kind in kinds.BUILTIN if kind.idle]


@pytest.mark.parametrize("kind", IDLE, ids=lambda kind: kind.resource)
def test_a_kind_without_effect_is_stored_and_read_again(objects, kind):
    place = "default" if kind.namespaced else ""
    objects.store.put(kind.resource, {"metadata": {"name": "one", "namespace": place}})
    assert objects.get(kind, place, "one")["kind"] == kind.kind


def test_an_autoscaler_is_the_same_in_both_its_versions(server):
    spec = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "maxReplicas": 3,
        "targetCPUUtilizationPercentage": 70,
    }
    created = server.call("POST", OLD, {"metadata": {"name": "web"}, "spec": spec})
    assert (created.status, created.body["apiVersion"]) == (201, "autoscaling/v1")
    metric = server.call("GET", f"{NEW}/web").body["spec"]["metrics"][0]
    assert metric["resource"]["target"] == {"type": "Utilization", "averageUtilization": 70}
    (listed,) = server.call("GET", OLD).body["items"]
    assert listed["spec"]["targetCPUUtilizationPercentage"] == 70


def test_what_the_older_version_has_no_field_for_is_not_lost():
    memory = {"name": "memory", "target": {"type": "Utilization", "averageUtilization": 80}}
    spec = {
        "maxReplicas": 3,
        "metrics": [{"type": "Resource", "resource": memory}],
        "behavior": {"scaleDown": {"stabilizationWindowSeconds": 5}},
    }
    item = {"metadata": {"name": "web"}, "spec": spec}
    old = versions.present(kinds.OLD_AUTOSCALER, item)
    assert "behavior" not in old["spec"]
    assert versions.accept(kinds.OLD_AUTOSCALER, old)["spec"] == spec


def test_a_status_without_metrics_can_be_read_in_both_versions():
    item = {"metadata": {"name": "web"}, "spec": {"maxReplicas": 3}, "status": {"currentMetrics": None}}
    assert versions.present(kinds.OLD_AUTOSCALER, item)["status"] == {}


def test_an_event_is_the_same_in_both_its_groups(server):
    regarding = {"kind": "Pod", "name": "web-1", "namespace": "default"}
    event = {
        "metadata": {"name": "web-1.1"},
        "regarding": regarding,
        "note": "it runs",
        "reason": "Started",
        "type": "Normal",
    }
    path = "/namespaces/default/events"
    assert server.call("POST", f"/apis/events.k8s.io/v1{path}", event).status == 201
    stored = server.call("GET", f"/api/v1{path}/web-1.1").body
    assert (stored["message"], stored["involvedObject"]) == ("it runs", regarding)
    (listed,) = server.call("GET", f"/apis/events.k8s.io/v1{path}").body["items"]
    assert (listed["note"], listed["regarding"]) == ("it runs", regarding)


def test_a_read_only_kind_is_listed_and_not_written(server):
    answer = server.call("GET", "/api/v1/componentstatuses")
    assert (answer.status, answer.body["items"]) == (200, [])
    assert "deprecated" in answer.headers["Warning"]
    assert server.call("POST", "/api/v1/componentstatuses", {"metadata": {"name": "x"}}).status == 405


def test_reviews_answer_for_the_one_token_that_may_do_everything(server):
    path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
    rules = server.call("POST", path, {"spec": {"namespace": "default"}}).body["status"]
    assert rules["resourceRules"] == [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]
    path = "/apis/authentication.k8s.io/v1/tokenreviews"
    own = server.headers["Authorization"].removeprefix("Bearer ")
    assert server.call("POST", path, {"spec": {"token": own}}).body["status"]["authenticated"]
    assert server.call("POST", path, {"spec": {"token": "x"}}).body["status"]["error"]


def test_an_autoscaler_without_measurements_is_shown_in_its_older_version(server):
    spec = {"maxReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "web"}}
    server.call("POST", NEW, {"metadata": {"name": "web"}, "spec": spec})
    server.call("PATCH", f"{NEW}/web/status", {"status": {"currentMetrics": None}}, content_type=MERGE)
    assert server.call("GET", f"{OLD}/web").status == 200


def test_an_annotation_that_keeps_no_metrics_is_refused(server):
    annotations = {"autoscaling.alpha.kubernetes.io/metrics": "{not json"}
    spec = {"maxReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "web"}}
    answer = server.call("POST", OLD, {"metadata": {"name": "a", "annotations": annotations}, "spec": spec})
    assert (answer.status, answer.body["reason"]) == (400, "BadRequest")
