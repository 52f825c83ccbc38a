"""Garbage collection and namespaces: nothing outlives what owns it, and nothing goes too early."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import (
    CONFIG_MAP,
    CUSTOM_RESOURCE_DEFINITION,
    DEPLOYMENT,
    NAMESPACE,
    POD,
    REPLICA_SET,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
)
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import deployment


def _owned_by(*owners: dict, block: bool = False) -> dict:
    references = [
        {
            "apiVersion": "v1",
            "kind": owner["kind"],
            "name": owner["metadata"]["name"],
            "uid": owner["metadata"]["uid"],
            "blockOwnerDeletion": block,
        }
        for owner in owners
    ]
    return {"ownerReferences": references}


def test_a_dependent_follows_its_owner(cluster):
    owner = cluster.create(CONFIG_MAP, "owner")
    cluster.create(SECRET, "dependent", metadata=_owned_by(owner))
    cluster.delete(CONFIG_MAP, "owner")
    assert cluster.find(SECRET, "dependent") is None


def test_a_dependent_of_two_stays_for_the_other(cluster):
    first, second = cluster.create(CONFIG_MAP, "first"), cluster.create(CONFIG_MAP, "second")
    cluster.create(SECRET, "dependent", metadata=_owned_by(first, second))
    cluster.delete(CONFIG_MAP, "first")
    references = cluster.get(SECRET, "dependent")["metadata"]["ownerReferences"]
    assert [reference["name"] for reference in references] == ["second"]
    cluster.delete(CONFIG_MAP, "second")
    assert cluster.find(SECRET, "dependent") is None


def test_another_object_of_the_owners_name_is_not_the_owner(cluster):
    owner = cluster.create(CONFIG_MAP, "owner")
    cluster.delete(CONFIG_MAP, "owner")
    cluster.create(CONFIG_MAP, "owner")
    cluster.create(SECRET, "dependent", metadata=_owned_by(owner))
    assert cluster.find(SECRET, "dependent") is None


def test_an_owner_that_went_while_nobody_looked_is_noticed(cluster):
    owner = cluster.create(CONFIG_MAP, "owner")
    cluster.create(SECRET, "dependent", metadata=_owned_by(owner))
    cluster.stop()
    cluster.objects.delete(CONFIG_MAP, "shop", "owner")
    cluster.start()
    cluster.settle()
    assert cluster.find(SECRET, "dependent") is None


def test_in_the_foreground_the_owner_waits_for_those_that_block_it(cluster):
    owner = cluster.create(CONFIG_MAP, "owner")
    held = _owned_by(owner, block=True) | {"finalizers": ["example.com/hold"]}
    cluster.create(SECRET, "dependent", metadata=held)
    cluster.delete(CONFIG_MAP, "owner", propagation="Foreground")
    assert "deletionTimestamp" in cluster.get(CONFIG_MAP, "owner")["metadata"]
    assert "deletionTimestamp" in cluster.get(SECRET, "dependent")["metadata"]
    cluster.modify(SECRET, "dependent", lambda item: item["metadata"].pop("finalizers"))
    assert cluster.find(CONFIG_MAP, "owner") is None


def test_in_the_foreground_a_deployment_goes_after_its_pods(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment())
    cluster.kubelet.stalled = True
    cluster.delete(DEPLOYMENT, "web", propagation="Foreground")
    assert cluster.find(DEPLOYMENT, "web") and len(cluster.all(POD)) == 2
    cluster.kubelet.end_deleted_pods()
    cluster.settle()
    assert [cluster.all(kind) for kind in (DEPLOYMENT, REPLICA_SET, POD)] == [[], [], []]


def test_orphans_stay_and_forget_their_owner(cluster):
    owner = cluster.create(CONFIG_MAP, "owner")
    cluster.create(SECRET, "dependent", metadata=_owned_by(owner))
    cluster.delete(CONFIG_MAP, "owner", propagation="Orphan")
    assert cluster.find(CONFIG_MAP, "owner") is None
    assert not cluster.get(SECRET, "dependent")["metadata"].get("ownerReferences")


WIDGETS = {
    "metadata": {"name": "widgets.example.com"},
    "spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"kind": "Widget", "plural": "widgets", "singular": "widget", "listKind": "WidgetList"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
                },
            }
        ],
    },
}


@pytest.fixture
def widget(cluster):
    cluster.objects.create(CUSTOM_RESOURCE_DEFINITION, WIDGETS)
    cluster.settle()
    return cluster.objects.kinds.by_kind("example.com/v1", "Widget")


def test_objects_of_a_kind_defined_at_run_time_own_and_are_owned(cluster, widget):
    owner = cluster.create(CONFIG_MAP, "owner")
    made = cluster.create(widget, "gear", metadata=_owned_by(owner))
    reference = _owned_by(made)["ownerReferences"][0] | {"apiVersion": "example.com/v1"}
    cluster.create(SECRET, "dependent", metadata={"ownerReferences": [reference]})
    cluster.delete(CONFIG_MAP, "owner")
    assert cluster.find(widget, "gear") is None
    assert cluster.find(SECRET, "dependent") is None


def test_a_deleted_namespace_takes_everything_in_it(cluster, widget):
    cluster.create(DEPLOYMENT, "web", spec=deployment())
    cluster.create(SERVICE, "web", spec={"selector": {"app": "web"}, "ports": [{"port": 80}]})
    cluster.create(widget, "gear")
    cluster.objects.delete(NAMESPACE, "", "shop")
    cluster.settle()
    assert cluster.objects.find(NAMESPACE, "", "shop") is None
    assert [kind.kind for kind in cluster.objects.kinds if kind.namespaced and cluster.all(kind)] == []


def test_a_namespace_waits_for_its_pods_and_says_what_remains(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment())
    cluster.kubelet.stalled = True
    cluster.objects.delete(NAMESPACE, "", "shop")
    cluster.settle()
    namespace = cluster.objects.get(NAMESPACE, "", "shop")
    assert namespace["status"]["phase"] == "Terminating"
    remaining = next(
        condition
        for condition in namespace["status"]["conditions"]
        if condition["type"] == "NamespaceContentRemaining"
    )
    assert remaining["message"] == "Some resources are remaining: pods. has 2 resource instances"
    cluster.kubelet.end_deleted_pods()
    cluster.settle()
    assert cluster.objects.find(NAMESPACE, "", "shop") is None


def test_other_namespaces_are_left_alone(cluster):
    cluster.objects.create(NAMESPACE, {"metadata": {"name": "other"}})
    cluster.objects.create(SECRET, {"metadata": {"name": "kept", "namespace": "other"}})
    cluster.objects.delete(NAMESPACE, "", "shop")
    cluster.settle()
    assert cluster.objects.find(SECRET, "other", "kept")
    assert cluster.objects.find(SERVICE_ACCOUNT, "other", "default")
