"""Replica sets: how many pods, and which ones go first."""

from pathlib import Path

import pytest
import yaml

from aks_flow.rehearsal.standins.kubernetes.controllers.replicaset.decide import decide
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import NAMESPACE, POD, REPLICA_SET
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import set_spec, template

CASES = yaml.safe_load((Path(__file__).parent / "victims.yaml").read_text())


def _pod(name: str, facts: dict) -> dict:
    ready = {"type": "Ready", "status": str("ready" in facts), "lastTransitionTime": facts.get("ready")}
    restarts = [{"restartCount": facts.get("restarts", 0)}]
    cost = {"controller.kubernetes.io/pod-deletion-cost": str(facts["cost"])} if "cost" in facts else {}
    return {
        "metadata": {
            "name": name,
            "creationTimestamp": facts.get("created", "2026-11-22T10:00:00Z"),
            "annotations": cost,
        },
        "spec": {"nodeName": "" if facts.get("unscheduled") else "node-1"},
        "status": {
            "phase": facts.get("phase", "Running"),
            "conditions": [ready],
            "containerStatuses": restarts,
        },
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_pods_that_go_first_are(case):
    owned_pods = [_pod(name, facts or {}) for name, facts in case["pods"].items()]
    replica_set = {"metadata": {}, "spec": {"replicas": len(owned_pods) - len(case["go"])}}
    assert list(decide(replica_set, owned_pods).delete) == case["go"]


@pytest.fixture
def three(cluster):
    spec = {"replicas": 3, "selector": {"matchLabels": {"app": "web"}}, "template": template()}
    cluster.create(REPLICA_SET, "web", spec=spec)
    return cluster


def test_pods_are_named_after_their_set_and_owned_by_it(three):
    owner = three.get(REPLICA_SET, "web")["metadata"]
    for pod in three.all(POD):
        assert pod["metadata"]["name"].startswith("web-")
        assert pod["metadata"]["generateName"] == "web-"
        assert pod["metadata"]["ownerReferences"] == [
            {
                "apiVersion": "apps/v1",
                "kind": "ReplicaSet",
                "name": "web",
                "uid": owner["uid"],
                "controller": True,
                "blockOwnerDeletion": True,
            }
        ]


def test_a_deleted_pod_is_replaced_while_it_still_terminates(three):
    gone = three.names(POD)[0]
    three.kubelet.stalled = True
    three.delete(POD, gone)
    assert len(three.all(POD)) == 4
    assert three.get(REPLICA_SET, "web")["status"] == {
        "replicas": 3,
        "fullyLabeledReplicas": 3,
        "readyReplicas": 3,
        "availableReplicas": 3,
        "terminatingReplicas": 1,
        "observedGeneration": 1,
    }


def test_creations_and_deletions_are_told(three):
    before = set(three.names(POD))
    assert sorted(three.events("SuccessfulCreate")) == sorted(f"Created pod: {name}" for name in before)
    three.modify(REPLICA_SET, "web", set_spec(replicas=1))
    gone = before - set(three.names(POD))
    assert sorted(three.events("SuccessfulDelete")) == sorted(f"Deleted pod: {name}" for name in gone)


def test_a_pod_whose_labels_no_longer_match_is_released_and_replaced(three):
    strayed = three.names(POD)[0]
    three.modify(POD, strayed, lambda pod: pod["metadata"].update(labels={"app": "debug"}))
    assert "ownerReferences" not in three.get(POD, strayed)["metadata"]
    assert len(three.all(POD, app="web")) == 3


def test_a_matching_orphan_is_adopted_instead_of_a_new_pod(cluster):
    cluster.create(POD, "mine", metadata={"labels": {"app": "web"}}, spec=template()["spec"])
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": template()}
    cluster.create(REPLICA_SET, "web", spec=spec)
    assert cluster.names(POD) == ["mine"]


def test_a_refused_pod_is_reported_and_tried_again(cluster, monkeypatch):
    create = cluster.objects.create

    def refuse(kind, obj, *rest, **options):
        return create(kind, obj | {"spec": {"containers": []}} if kind == POD else obj, *rest, **options)

    monkeypatch.setattr(cluster.objects, "create", refuse)
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": template()}
    cluster.create(REPLICA_SET, "web", spec=spec)
    assert cluster.conditions(REPLICA_SET, "web") == {"ReplicaFailure": ("True", "FailedCreate")}
    assert cluster.events("FailedCreate")[0].startswith("Error creating: Pod ")
    monkeypatch.undo()
    cluster.pass_time(60)
    assert cluster.conditions(REPLICA_SET, "web") == {}
    assert len(cluster.all(POD)) == 1


def test_nothing_is_created_in_a_namespace_that_is_being_deleted(three):
    three.kubelet.stalled = True
    three.objects.delete(NAMESPACE, "", "shop")
    three.settle()
    assert len(three.all(POD)) == 3
