"""The scheduler: places, refusals in Kubernetes' words, and volumes."""

from pathlib import Path

import pytest
import yaml

from aks_flow.rehearsal.standins.kubernetes.controllers.scheduler.decide import (
    SchedulingDecision,
    SchedulingFacts,
    decide,
)
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import (
    NODE,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD,
)
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import template

CASES = yaml.safe_load((Path(__file__).parent / "scheduling.yaml").read_text())
NODE_LABELS = {"kubernetes.io/hostname": "node-1", "disk": "ssd"}


def _node(facts: dict) -> dict:
    return {
        "metadata": {"name": "node-1", "labels": NODE_LABELS},
        "spec": facts.get("spec", {}),
        "status": {"allocatable": {"cpu": "2", "memory": "1Gi", "pods": str(facts.get("pods", 110))}},
    }


def _pod(name: str, spec: dict, labels: dict | None = None) -> dict:
    resources = {"requests": spec.get("requests", {})}
    container = {"name": "c", "resources": resources, "ports": spec.get("ports", [])}
    rest = {key: value for key, value in spec.items() if key not in ("requests", "ports", "labels")}
    metadata = {"name": name, "namespace": "shop", "labels": labels or spec.get("labels", {})}
    return {"metadata": metadata, "spec": {"containers": [container]} | rest, "status": {}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_pod_is_placed_or_refused_with_the_reason(case):
    others = [
        _pod(f"other-{index}", spec | {"nodeName": "node-1"})
        for index, spec in enumerate(case.get("others", []))
    ]
    facts = SchedulingFacts(_pod("web", case["pod"]), [_node(case.get("node", {}))], others)
    expected = (
        SchedulingDecision(message=case["message"])
        if "message" in case
        else SchedulingDecision(node="node-1")
    )
    assert decide(facts) == expected


def test_a_pod_is_bound_and_the_binding_told(cluster):
    cluster.create(POD, "web", spec=template()["spec"])
    pod = cluster.get(POD, "web")
    assert pod["spec"]["nodeName"] == "node-1"
    assert pod["metadata"]["generation"] == 1
    scheduled = next(
        condition for condition in pod["status"]["conditions"] if condition["type"] == "PodScheduled"
    )
    assert (scheduled["status"], scheduled["observedGeneration"]) == ("True", 1)
    assert cluster.events("Scheduled") == ["Successfully assigned shop/web to node-1"]


def test_a_pod_that_waits_is_placed_as_soon_as_the_node_changes(cluster):
    cluster.create(POD, "web", spec=template(nodeSelector={"disk": "ssd"})["spec"])
    message = (
        "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to "
        "deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
    )
    assert cluster.events("FailedScheduling") == [message]
    condition = cluster.get(POD, "web")["status"]["conditions"][0]
    assert (condition["status"], condition["reason"], condition["message"]) == (
        "False",
        "Unschedulable",
        message,
    )
    cluster.objects.modify(NODE, "", "node-1", lambda node: node["metadata"].update(labels={"disk": "ssd"}))
    cluster.settle()
    assert cluster.get(POD, "web")["spec"]["nodeName"] == "node-1"


def test_a_pod_that_ends_makes_room(cluster):
    def wants(cpu: str) -> dict:
        spec = template()["spec"]
        spec["containers"][0]["resources"] = {"requests": {"cpu": cpu}}
        return spec

    cluster.create(POD, "large", spec=wants("3"))
    cluster.create(POD, "small", spec=wants("2"))
    assert "nodeName" not in cluster.get(POD, "small")["spec"]
    cluster.delete(POD, "large")
    assert cluster.get(POD, "small")["spec"]["nodeName"] == "node-1"


def _with_claim(name: str) -> dict:
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": name}}
    return template(volumes=[volume])["spec"]


def _claim(**rest) -> dict:
    return {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}} | rest


def test_a_pod_waits_for_its_claim(cluster):
    cluster.create(POD, "web", spec=_with_claim("data"))
    assert cluster.events("FailedScheduling")[0].startswith(
        '0/1 nodes are available: persistentvolumeclaim "data" not found.'
    )
    cluster.create(PERSISTENT_VOLUME_CLAIM, "data", spec=_claim())
    assert cluster.get(POD, "web")["spec"]["nodeName"] == "node-1"


def test_a_claim_waits_for_its_first_pod_and_then_gets_a_volume(cluster):
    cluster.create(PERSISTENT_VOLUME_CLAIM, "data", spec=_claim())
    assert cluster.get(PERSISTENT_VOLUME_CLAIM, "data")["status"] == {"phase": "Pending"}
    assert cluster.events("WaitForFirstConsumer") == [
        "waiting for first consumer to be created before binding"
    ]
    cluster.create(POD, "web", spec=_with_claim("data"))
    claim = cluster.get(PERSISTENT_VOLUME_CLAIM, "data")
    assert claim["spec"]["storageClassName"] == "default"
    assert claim["status"] == {
        "phase": "Bound",
        "accessModes": ["ReadWriteOnce"],
        "capacity": {"storage": "1Gi"},
    }
    volume = cluster.objects.get(PERSISTENT_VOLUME, "", claim["spec"]["volumeName"])
    assert volume["spec"]["claimRef"]["uid"] == claim["metadata"]["uid"]
    assert volume["status"]["phase"] == "Bound"


def test_a_claim_of_an_unknown_class_stays_pending_and_says_why(cluster):
    cluster.create(PERSISTENT_VOLUME_CLAIM, "data", spec=_claim(storageClassName="fast"))
    cluster.create(POD, "web", spec=_with_claim("data"))
    assert cluster.events("ProvisioningFailed") == ['storageclass.storage.k8s.io "fast" not found']
    assert "unbound immediate PersistentVolumeClaims" in cluster.events("FailedScheduling")[0]


def test_a_class_that_binds_at_once_needs_no_pod(cluster):
    cluster.objects.create(
        kinds.STORAGE_CLASS,
        {"metadata": {"name": "now"}, "provisioner": "x", "volumeBindingMode": "Immediate"},
    )
    cluster.create(PERSISTENT_VOLUME_CLAIM, "data", spec=_claim(storageClassName="now"))
    assert cluster.get(PERSISTENT_VOLUME_CLAIM, "data")["status"]["phase"] == "Bound"


def test_a_claim_in_use_is_held_until_its_pod_is_gone(cluster):
    cluster.create(PERSISTENT_VOLUME_CLAIM, "data", spec=_claim())
    cluster.create(POD, "web", spec=_with_claim("data"))
    cluster.delete(PERSISTENT_VOLUME_CLAIM, "data")
    assert "deletionTimestamp" in cluster.get(PERSISTENT_VOLUME_CLAIM, "data")["metadata"]
    cluster.delete(POD, "web")
    assert cluster.find(PERSISTENT_VOLUME_CLAIM, "data") is None
    assert cluster.objects.list(PERSISTENT_VOLUME) == []
