"""What once needed kubectl and a second push: new kinds, large objects, Jobs that change, earlier applies."""

import json

import pytest

from aks_flow.rehearsal.scenarios.drills import faults
from tests.e2e.push.conftest import NAMESPACE
from tests.e2e.push.test_jobs import GONE_AT_ONCE

GROUP = "drinks.example.com"
VERSION = {
    "name": "v1",
    "served": True,
    "storage": True,
    "schema": {
        "openAPIV3Schema": {
            "type": "object",
            "properties": {"spec": {"type": "object", "properties": {"sugar": {"type": "integer"}}}},
        }
    },
}
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": f"teas.{GROUP}"},
    "spec": {
        "group": GROUP,
        "scope": "Namespaced",
        "names": {"kind": "Tea", "plural": "teas", "singular": "tea"},
        "versions": [VERSION],
    },
}


def tea(**spec) -> str:
    item = {"apiVersion": f"{GROUP}/v1", "kind": "Tea", "metadata": {"name": "mint"}, "spec": spec}
    return f"{json.dumps(DEFINITION)}\n---\n{json.dumps(item)}\n"


@pytest.fixture
def no_teas(delivered, kubectl):
    remove = ("delete", "crd", f"teas.{GROUP}", "--ignore-not-found")
    kubectl.ok(*remove)
    yield
    kubectl(*remove, "--wait=false")


WITH = faults.with_resources("more.yaml")


def test_a_definition_and_its_objects_come_in_one_push(project, no_teas, changed, kubectl):
    changed(WITH, more=tea(sugar=2))
    plan = project.document("push.plan")
    assert plan["definitions"] == [f"teas.{GROUP}"] and "sugar" in plan["diff"]
    project.document("push")
    sugar = kubectl.ok("-n", NAMESPACE, "get", f"teas.{GROUP}", "mint", "-o", "jsonpath={.spec.sugar}")
    assert sugar == "2" and not project.document("push")["outcome"]["changed"]


def test_an_object_against_its_new_definition_is_refused_and_what_changed_is_said(
    project, no_teas, changed, kubectl
):
    changed(WITH, more=tea(sugar="much"))
    answer = project.inv("push")
    assert answer.exit == 1 and f"nothing but teas.{GROUP} was changed" in answer.stderr, answer
    assert "spec.sugar" in answer.stderr


def test_an_object_of_over_256_kilobytes_is_delivered_and_taken_back(project, delivered, changed, kubectl):
    before = project.git("rev-parse", "HEAD")
    data = {f"line-{number}": f"word {number}, " * 600 for number in range(100)}
    large = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "large"}, "data": data}
    changed(WITH, more=json.dumps(large))
    project.document("push")
    text = kubectl.ok("-n", NAMESPACE, "get", "configmap", "large", "-o", "json")
    assert json.loads(text)["data"] == data
    project.go_on_from(before)
    assert project.document("push")["outcome"]["removed"] == ["configmap/large"]


def test_a_job_whose_pods_change_is_one_sentence_that_says_what_can_be_done(
    project, delivered, changed, kubectl
):
    job = GONE_AT_ONCE.replace("ttlSecondsAfterFinished: 0", "backoffLimit: 3")
    changed(WITH, more=job)
    project.document("push")
    changed(lambda text: text, more=job.replace('["true"]', '["sh", "-c", "exit 0"]'))
    answer = project.inv("push")
    kubectl("-n", NAMESPACE, "delete", "job", "clean", "--ignore-not-found")
    said = [line for line in answer.stderr.splitlines() if "job/clean" in line]
    assert answer.exit == 1 and len(said) == 1 and "PreSync" in said[0], answer
    assert len(answer.stderr) < 1500


OLD = {"name": "OLD", "value": "1"}
IDLE = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "idle"},
    "spec": {
        "replicas": 0,
        "selector": {"matchLabels": {"app": "idle"}},
        "template": {
            "metadata": {"labels": {"app": "idle"}},
            "spec": {"containers": [{"name": "idle", "image": "front", "env": [OLD]}]},
        },
    },
}


def test_what_kubectl_applied_from_its_own_side_is_taken_over_without_loss(
    project, delivered, changed, kubectl
):
    image = kubectl.ok(
        *("-n", NAMESPACE, "get", "deployment", "front", "-o"),
        "jsonpath={.spec.template.spec.containers[0].image}",
    )
    text = json.dumps(IDLE).replace('"image": "front"', f'"image": "{image}"')
    kubectl.ok("-n", NAMESPACE, "apply", "-f", "-", stdin=text)
    kubectl.ok("-n", NAMESPACE, "scale", "deployment", "idle", "--replicas=0")
    changed(WITH, more=json.dumps(IDLE).replace(json.dumps([OLD]), "[]"))
    assert project.document("push")["outcome"]["changed"]
    words = ("-n", NAMESPACE, "get", "deployment", "idle", "-o", "json", "--show-managed-fields")
    live = json.loads(kubectl.ok(*words))
    assert "env" not in live["spec"]["template"]["spec"]["containers"][0]
    assert live["metadata"]["generation"] == 2  # one change
    owners = live["metadata"]["managedFields"]
    appliers = [entry["manager"] for entry in owners if entry["operation"] == "Apply"]
    assert appliers == ["aks-flow"] and "last-applied" not in json.dumps(live)
    assert not project.document("push")["outcome"]["changed"]
