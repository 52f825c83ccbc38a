"""Objects that leave the manifests and come back: gone after the proof, put back after a bad version."""

import json

import pytest

from aks_flow.push.history.history import KEPT
from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rollout.verdict.reasons import EXIT_CODES
from tests.e2e.push.clones import change, configured
from tests.e2e.push.conftest import CLONES, NAMESPACE
from tests.e2e.push.test_push import served
from tests.e2e.push.test_verdicts import FRONT
from tests.e2e.scale import only_in_full

EXTRA = """apiVersion: apps/v1
kind: Deployment
metadata: {name: extra}
spec:
  replicas: 0
  selector: {matchLabels: {app: extra}}
  template:
    metadata: {labels: {app: extra}}
    spec:
      containers: [{name: extra, image: front}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: extra}
data: {text: TEXT}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: extra}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: extra-kept, annotations: {argocd.argoproj.io/sync-options: Prune=false}}
"""
WITH_EXTRA = faults.with_resources("extra.yaml")
GONE = ["configmap/extra", "deployment.apps/extra"]
NAMES = ("deployment/extra", "configmap/extra", "configmap/extra-kept", "persistentvolumeclaim/extra")


def there(kubectl) -> set[str]:
    text = kubectl.ok("-n", NAMESPACE, "get", *NAMES, "--ignore-not-found", "--output=name")
    return set(text.split())


@pytest.fixture
def extra(project, changed, kubectl):
    """Objects of a good delivery, which have left the manifests."""
    kubectl("-n", NAMESPACE, "delete", *NAMES, "--ignore-not-found")
    before = project.git("rev-parse", "HEAD")
    changed(WITH_EXTRA, extra=EXTRA.replace("TEXT", "good"))
    project.document("push")
    project.go_on_from(before)
    yield
    kubectl("-n", NAMESPACE, "delete", *NAMES, "--ignore-not-found", "--wait=false")


def test_what_has_left_the_manifests_is_planned_and_goes_after_the_proof_but_for_what_holds_data(
    project, extra, kubectl
):
    assert len(there(kubectl)) == 4
    plan = project.document("push.plan")["leftovers"]
    assert plan["removed"] == GONE and "persistentvolumeclaim/extra (it holds data" in plan["kept"][1]
    outcome = project.document("push")["outcome"]
    assert (outcome["removed"], outcome["kept"]) == (GONE, plan["kept"])
    kubectl.ok("-n", NAMESPACE, "wait", "--for=delete", "deployment/extra", "--timeout=60s")
    assert there(kubectl) == {"configmap/extra-kept", "persistentvolumeclaim/extra"}
    again = project.document("push")["outcome"]
    assert not again["changed"] and again["kept"] == plan["kept"]


def test_a_switch_keeps_it(project, extra, kubectl):
    outcome = project.inv("push", "--json", INVOKE_REMOVED="keep")
    assert json.loads(outcome.stdout)["outcome"]["removed"] == [] and len(there(kubectl)) == 4


def test_an_undo_brings_back_what_a_good_delivery_removed(project, extra, kubectl):
    project.document("push")
    kubectl.ok("-n", NAMESPACE, "wait", "--for=delete", "deployment/extra", "--timeout=60s")
    project.document("push.undo")
    assert len(there(kubectl)) == 4


@only_in_full
def test_config_maps_go_with_the_last_kept_revision_that_names_them(clones, kubectl):
    production = clones["production"]
    names = {}
    for title in ("stays", "goes", "0", "stays", *map(str, range(1, KEPT - 1))):
        change(production, title)
        production.document("push", "--env", "production")
        names[title] = configured(kubectl, "production")
    present = kubectl.ok("-n", f"{CLONES}-production", "get", "configmaps", "-o", "name").split()
    generated = {name.partition("/")[2] for name in present if name.startswith("configmap/front-")}
    assert generated == set(names.values()) - {names["goes"]}
    assert len(production.document("push.history", "--env", "production")) == KEPT


def test_what_came_back_with_a_bad_version_is_as_it_was(project, extra, changed, cluster, kubectl):
    kept = project.inv("push", INVOKE_REMOVED="keep")
    assert kept.exit == 0, kept
    before = served(kubectl)["version"]
    fault = faults.in_container(FRONT, faults.missing_image(cluster.registry))
    changed(lambda overlay: WITH_EXTRA(fault(overlay)), extra=EXTRA.replace("TEXT", "bad"))
    answer = project.inv("push", "--json")
    undone = json.loads(answer.stdout)["undone"]
    assert (answer.exit, undone["status"]) == (EXIT_CODES["image-not-found"], "restored"), answer
    assert "as it was before: " in undone["text"] and "configmap/extra" in undone["text"]
    text = kubectl.ok("-n", NAMESPACE, "get", "configmap", "extra", "-o", "jsonpath={.data.text}")
    assert (text, served(kubectl)["version"]) == ("good", before)
