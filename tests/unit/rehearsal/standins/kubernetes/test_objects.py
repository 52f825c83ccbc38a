"""Objects: the one door to the cluster's state, for controllers as for HTTP."""

import asyncio
import socket

import pytest

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects import addresses
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.options import DeleteOptions, WriteOptions
from aks_flow.rehearsal.standins.kubernetes.store import ObjectStore
from tests.ports import free_ports

CONTAINER = {"name": "web", "image": "registry/web:1"}
TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [CONTAINER]}}


def named(name: str, namespace: str = "default", **rest) -> dict:
    return {"metadata": {"name": name, "namespace": namespace}, **rest}


def a_deployment(name: str = "web") -> dict:
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": TEMPLATE}
    return named(name, spec=spec)


def a_pod(name: str = "web", **spec) -> dict:
    return named(name, spec={"containers": [CONTAINER], **spec})


def a_service(name: str = "web", **spec) -> dict:
    return named(name, spec={"ports": [{"port": 80}], "selector": {"app": "web"}, **spec})


def refusal(action, *arguments, **options) -> StatusError:
    with pytest.raises(StatusError) as caught:
        action(*arguments, **options)
    return caught.value


def test_an_update_leaves_a_status_as_its_controller_wrote_it(objects):
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    scaler = named("web", spec={"maxReplicas": 3, "scaleTargetRef": target})
    created = objects.create(kinds.HORIZONTAL_POD_AUTOSCALER, scaler)
    status = {"currentReplicas": 1, "desiredReplicas": 1, "currentMetrics": None}
    objects.update(kinds.HORIZONTAL_POD_AUTOSCALER, created | {"status": status}, "status")
    config = {"apiVersion": created["apiVersion"], "kind": created["kind"], **scaler}
    applied, _ = objects.apply(
        kinds.HORIZONTAL_POD_AUTOSCALER, config, WriteOptions(manager="aks-flow"), force=True
    )
    assert applied["status"] == status


@pytest.mark.parametrize(("length", "refused"), [(262_141, False), (262_142, True)])
def test_an_object_s_annotations_are_a_quarter_of_a_megabyte_at_most(objects, length, refused):
    item = named("a", data={})
    item["metadata"]["annotations"] = {"key": "x" * length}
    if not refused:
        objects.create(kinds.CONFIG_MAP, item)
        return
    told = refusal(objects.create, kinds.CONFIG_MAP, item)
    assert "metadata.annotations: Too long: may not be more than 262144 bytes" in told.message


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        (
            {"finalizers": ["x"]},
            'finalizers[0]: Invalid value: "x": name is neither a standard finalizer name',
        ),
        ({"finalizers": ["A b/c"]}, 'finalizers: Invalid value: "A b/c": prefix part a lowercase RFC 1123'),
        ({"labels": {"A.b/c": "d"}}, 'labels: Invalid value: "A.b/c": prefix part a lowercase RFC 1123'),
        ({"labels": {"a" * 254 + "/b": "c"}}, "prefix part must be no more than 253 characters"),
        ({"labels": {"": "c"}}, 'labels: Invalid value: "": name part must be non-empty'),
        ({"annotations": {"a b": "c"}}, 'annotations: Invalid value: "a b": name part must consist of'),
        ({"annotations": {"A.b/c": "d"}, "finalizers": ["a.b/c", "foregroundDeletion"]}, ""),
    ],
)
def test_metadata_is_refused_in_a_server_s_words(objects, metadata, told):
    item = named("a", data={})
    item["metadata"] |= metadata
    if told:
        assert told in refusal(objects.create, kinds.CONFIG_MAP, item).message
    else:
        objects.create(kinds.CONFIG_MAP, item)


def test_a_new_object_has_an_identity(objects):
    created = objects.create(kinds.CONFIG_MAP, named("a", data={"k": "v"}))
    assert created["kind"] == "ConfigMap" and created["apiVersion"] == "v1"
    assert created["metadata"]["uid"] and created["metadata"]["creationTimestamp"].endswith("Z")
    assert objects.get(kinds.CONFIG_MAP, "default", "a") == created


def test_what_is_handed_out_is_a_copy(objects):
    objects.create(kinds.CONFIG_MAP, named("a", data={"k": "v"}))
    objects.get(kinds.CONFIG_MAP, "default", "a")["data"]["k"] = "changed"
    assert objects.get(kinds.CONFIG_MAP, "default", "a")["data"] == {"k": "v"}


def test_a_second_object_of_that_name_is_refused(objects):
    objects.create(kinds.DEPLOYMENT, a_deployment())
    error = refusal(objects.create, kinds.DEPLOYMENT, a_deployment())
    assert (error.code, error.message) == (409, 'deployments.apps "web" already exists')


def test_an_absent_object_is_not_found(objects):
    error = refusal(objects.get, kinds.DEPLOYMENT, "default", "web")
    assert error.body()["details"] == {"name": "web", "group": "apps", "kind": "deployments"}
    assert error.message == 'deployments.apps "web" not found'
    assert objects.find(kinds.DEPLOYMENT, "default", "web") is None


def test_a_name_can_be_generated(objects):
    item = {"metadata": {"generateName": "web-", "namespace": "default"}}
    first, second = (objects.create(kinds.CONFIG_MAP, item)["metadata"]["name"] for _ in range(2))
    assert first.startswith("web-") and len(first) == 9 and first != second


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kinds.CONFIG_MAP, "Bad_Name"),
        (kinds.CONFIG_MAP, ""),
        (kinds.SERVICE, "1web"),
        (kinds.SERVICE, "web.front"),
        (kinds.CONFIG_MAP, "a" * 254),
        (kinds.ROLE, "a/b"),
    ],
)
def test_a_bad_name_is_invalid(objects, kind, name):
    item = a_service(name) if kind == kinds.SERVICE else named(name)
    error = refusal(objects.create, kind, item)
    assert (error.code, error.reason) == (422, "Invalid")
    assert error.details["causes"][0]["field"] == "metadata.name"


@pytest.mark.parametrize("name", ["web.front", "1web", "a" * 253])
def test_a_subdomain_is_a_good_name(objects, name):
    assert objects.create(kinds.CONFIG_MAP, named(name))


def test_bad_labels_are_invalid(objects):
    item = named("a")
    item["metadata"]["labels"] = {"-x": "fine", "app": "not fine"}
    error = refusal(objects.create, kinds.CONFIG_MAP, item)
    assert [cause["field"] for cause in error.details["causes"]] == ["metadata.labels"] * 2


def test_an_object_needs_its_namespace(objects):
    error = refusal(objects.create, kinds.CONFIG_MAP, named("a", "nosuch"))
    assert (error.code, error.message) == (404, 'namespaces "nosuch" not found')


def test_a_new_namespace_is_furnished(objects):
    created = objects.create(kinds.NAMESPACE, {"metadata": {"name": "shop"}})
    assert created["metadata"]["labels"] == {"kubernetes.io/metadata.name": "shop"}
    assert created["status"] == {"phase": "Active"}
    assert objects.get(kinds.SERVICE_ACCOUNT, "shop", "default")
    assert objects.get(kinds.CONFIG_MAP, "shop", "kube-root-ca.crt")


def test_a_stale_update_is_a_conflict(objects):
    stale = objects.create(kinds.CONFIG_MAP, named("a"))
    objects.update(kinds.CONFIG_MAP, named("a", data={"k": "1"}))
    error = refusal(objects.update, kinds.CONFIG_MAP, stale | {"data": {"k": "2"}})
    assert error.code == 409
    assert error.message == (
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; '
        "please apply your changes to the latest version and try again"
    )


def test_an_update_that_changes_nothing_writes_nothing(objects):
    created = objects.create(kinds.DEPLOYMENT, a_deployment())
    revision = objects.store.revision
    assert objects.update(kinds.DEPLOYMENT, created) == created
    assert objects.store.revision == revision


def test_identity_cannot_be_changed(objects):
    created = objects.create(kinds.CONFIG_MAP, named("a"))
    created["metadata"]["creationTimestamp"] = "2020-01-01T00:00:00Z"
    error = refusal(objects.update, kinds.CONFIG_MAP, created)
    assert error.details["causes"][0]["field"] == "metadata.creationTimestamp"
    assert "field is immutable" in error.message


def test_spec_and_status_are_written_apart(objects):
    created = objects.create(kinds.DEPLOYMENT, a_deployment() | {"status": {"replicas": 9}})
    assert created.get("status", {}) == {}
    created["spec"]["replicas"], created["status"] = 3, {"replicas": 1}
    status = objects.update(kinds.DEPLOYMENT, created, subresource="status")
    assert (status["spec"]["replicas"], status["status"]) == (1, {"replicas": 1})
    status["spec"]["replicas"], status["status"] = 3, {"replicas": 2}
    spec = objects.update(kinds.DEPLOYMENT, status)
    assert (spec["spec"]["replicas"], spec["status"]) == (3, {"replicas": 1})


def test_generation_counts_changes_of_spec(objects):
    objects.create(kinds.DEPLOYMENT, a_deployment())

    def generation_after(change, subresource=None):
        changed = objects.modify(kinds.DEPLOYMENT, "default", "web", change, subresource)
        return changed["metadata"]["generation"]

    assert generation_after(lambda item: item["spec"].update(replicas=2)) == 2
    assert generation_after(lambda item: item.update(status={"replicas": 1}), "status") == 2
    assert generation_after(lambda item: item["metadata"].update(labels={"a": "b"})) == 2
    assert generation_after(lambda item: item["metadata"].update(annotations={"a": "b"})) == 3


def test_a_dry_run_changes_nothing(objects):
    revision = objects.store.revision
    assert objects.create(kinds.DEPLOYMENT, a_deployment(), WriteOptions(dry_run=True))["metadata"]["uid"]
    assert objects.store.revision == revision
    objects.create(kinds.CONFIG_MAP, named("a"))
    revision = objects.store.revision
    objects.update(kinds.CONFIG_MAP, named("a", data={"k": "v"}), options=WriteOptions(dry_run=True))
    objects.delete(kinds.CONFIG_MAP, "default", "a", DeleteOptions(dry_run=True))
    assert objects.store.revision == revision


def test_deleting_a_running_pod_leaves_the_end_to_its_node(objects):
    pod = objects.create(kinds.POD, a_pod(nodeName="node", terminationGracePeriodSeconds=7))
    marked = objects.delete(kinds.POD, "default", "web")
    assert marked["metadata"]["deletionGracePeriodSeconds"] == 7
    assert objects.get(kinds.POD, "default", "web")["metadata"]["deletionTimestamp"]
    objects.remove(kinds.POD, "default", "web", "another uid")
    assert objects.find(kinds.POD, "default", "web")
    objects.remove(kinds.POD, "default", "web", pod["metadata"]["uid"])
    assert objects.find(kinds.POD, "default", "web") is None


def test_a_second_deletion_can_only_shorten_the_grace(objects):
    objects.create(kinds.POD, a_pod(nodeName="node"))
    first = objects.delete(kinds.POD, "default", "web", DeleteOptions(grace=20))["metadata"]
    assert objects.delete(kinds.POD, "default", "web", DeleteOptions(grace=60))["metadata"] == first
    shorter = objects.delete(kinds.POD, "default", "web", DeleteOptions(grace=5))["metadata"]
    assert shorter["deletionGracePeriodSeconds"] == 5
    objects.delete(kinds.POD, "default", "web", DeleteOptions(grace=0))
    assert objects.find(kinds.POD, "default", "web") is None


def test_a_pod_on_no_node_goes_at_once(objects):
    objects.create(kinds.POD, a_pod())
    objects.delete(kinds.POD, "default", "web")
    assert objects.find(kinds.POD, "default", "web") is None


@pytest.mark.parametrize(
    ("propagation", "finalizer"), [("Foreground", "foregroundDeletion"), ("Orphan", "orphan")]
)
def test_a_finalizer_holds_what_its_dependents_still_need(objects, propagation, finalizer):
    objects.create(kinds.DEPLOYMENT, a_deployment())
    marked = objects.delete(kinds.DEPLOYMENT, "default", "web", DeleteOptions(propagation=propagation))
    assert marked["metadata"]["finalizers"] == [finalizer]
    objects.modify(kinds.DEPLOYMENT, "default", "web", lambda item: item["metadata"].pop("finalizers"))
    assert objects.find(kinds.DEPLOYMENT, "default", "web") is None


def test_a_deletion_can_insist_on_a_uid(objects):
    objects.create(kinds.CONFIG_MAP, named("a"))
    error = refusal(objects.delete, kinds.CONFIG_MAP, "default", "a", DeleteOptions(uid="another"))
    assert error.code == 409 and "Precondition failed: UID in precondition: another" in error.message


def test_a_namespace_ends_when_its_finalizer_is_gone(objects):
    objects.create(kinds.NAMESPACE, {"metadata": {"name": "shop"}})
    assert objects.delete(kinds.NAMESPACE, "", "shop")["status"]["phase"] == "Terminating"
    error = refusal(objects.create, kinds.CONFIG_MAP, named("a", "shop"))
    assert error.code == 403 and "because it is being terminated" in error.message
    ending = objects.get(kinds.NAMESPACE, "", "shop")
    ending["spec"]["finalizers"] = []
    objects.update(kinds.NAMESPACE, ending, subresource="finalize")
    assert objects.find(kinds.NAMESPACE, "", "shop") is None


def test_the_standard_namespaces_stay(objects):
    assert refusal(objects.delete, kinds.NAMESPACE, "", "kube-system").code == 403


def test_a_service_gets_an_address_and_keeps_it(objects):
    first = objects.create(kinds.SERVICE, a_service("a"))["spec"]
    second = objects.create(kinds.SERVICE, a_service("b"))["spec"]
    assert first["clusterIP"] != second["clusterIP"] and first["clusterIPs"] == [first["clusterIP"]]
    updated = objects.update(kinds.SERVICE, a_service("a", selector={"app": "other"}))
    assert updated["spec"]["clusterIP"] == first["clusterIP"]


def test_a_headless_service_has_no_address(objects):
    assert objects.create(kinds.SERVICE, a_service(clusterIP="None"))["spec"]["clusterIPs"] == ["None"]


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ("192.0.2.1", "the provided network does not match the current range"),
        ("10.96.128.9", "provided IP is already allocated"),
    ],
)
def test_an_address_that_is_asked_for_is_the_cluster_s_and_free(objects, asked, fault):
    objects.create(kinds.SERVICE, named("first", spec={"clusterIP": "10.96.128.9", "ports": [{"port": 80}]}))
    service = named("second", spec={"clusterIP": asked, "ports": [{"port": 80}]})
    told = f'spec.clusterIPs: Invalid value: ["{asked}"]: failed to allocate IP {asked}: {fault}'
    assert refusal(objects.create, kinds.SERVICE, service).message.endswith(told)


def test_an_address_that_is_given_may_not_change(objects):
    objects.create(kinds.SERVICE, a_service("a"))
    told = refusal(objects.update, kinds.SERVICE, a_service("a", clusterIP="192.0.2.1")).message
    assert told.endswith("may not change once set")


def test_a_load_balancer_gets_a_node_port_and_keeps_it(objects):
    port = objects.create(kinds.SERVICE, a_service(type="LoadBalancer"))["spec"]["ports"][0]["nodePort"]
    assert 30000 <= port <= 32767
    updated = objects.update(kinds.SERVICE, a_service(type="LoadBalancer", sessionAffinity="ClientIP"))
    assert updated["spec"]["ports"][0]["nodePort"] == port
    taken = a_service("b", type="NodePort", ports=[{"port": 80, "nodePort": port}])
    assert "provided port is already allocated" in refusal(objects.create, kinds.SERVICE, taken).message
    assert "nodePort" not in objects.update(kinds.SERVICE, a_service())["spec"]["ports"][0]


def test_what_only_the_old_type_of_a_service_had_goes_unless_it_changes_too(objects):
    old = a_service(type="LoadBalancer", externalTrafficPolicy="Local", sessionAffinity="ClientIP")
    fields = {"externalTrafficPolicy", "allocateLoadBalancerNodePorts", "sessionAffinityConfig"}
    made = objects.create(kinds.SERVICE, old)["spec"]
    assert fields <= set(made)
    changed = a_service(**{**made, "type": "ClusterIP", "externalTrafficPolicy": "Cluster"})
    assert "externally-accessible" in refusal(objects.update, kinds.SERVICE, changed).message
    kept = a_service(**{**made, "type": "ClusterIP", "sessionAffinity": "None"})
    assert not fields & set(objects.update(kinds.SERVICE, kept)["spec"])


def test_a_new_service_has_no_port_of_another_type(objects):
    ports = [{"port": 80, "nodePort": 30080}]
    refused = refusal(objects.create, kinds.SERVICE, a_service(ports=ports))
    assert "spec.ports[0].nodePort: Forbidden" in refused.message


def test_a_node_port_is_none_that_another_program_of_this_machine_has(objects, monkeypatch):
    busy, free = free_ports(2)
    for _ in range(8):
        monkeypatch.setattr(addresses, "NODE_PORTS", [busy, free])
        with socket.create_server(("127.0.0.1", busy)):
            made = objects.create(kinds.SERVICE, a_service(type="NodePort"))
        assert made["spec"]["ports"][0]["nodePort"] == free
        objects.delete(kinds.SERVICE, "default", made["metadata"]["name"])


def test_a_service_waits_for_the_nodes_network(objects):
    objects.service_network = None
    assert refusal(objects.create, kinds.SERVICE, a_service()).code == 503


def test_lists_select(objects):
    for name, app in (("a", "web"), ("b", "api")):
        item = named(name)
        item["metadata"]["labels"] = {"app": app}
        objects.create(kinds.SECRET, item)
    selected = objects.list(kinds.SECRET, "default", {"app": "web"})
    assert [item["metadata"]["name"] for item in selected] == ["a"]
    assert objects.list(kinds.SECRET, "kube-system") == []


def test_a_watch_begins_with_what_exists_and_goes_on(objects):
    async def follow():
        objects.create(kinds.SECRET, named("a"))
        watch = objects.watch([kinds.SECRET])
        seen = [await anext(watch)]
        objects.update(kinds.SECRET, named("a", data={"k": "dg=="}))
        objects.delete(kinds.SECRET, "default", "a")
        seen += [await anext(watch), await anext(watch)]
        await watch.aclose()
        return [change.type for change in seen]

    assert asyncio.run(asyncio.wait_for(follow(), 5)) == ["ADDED", "MODIFIED", "DELETED"]


def test_a_watch_can_begin_at_a_revision(objects):
    async def follow():
        since = objects.store.revision
        objects.create(kinds.SECRET, named("a"))
        return await anext(objects.watch([kinds.SECRET], since))

    assert asyncio.run(asyncio.wait_for(follow(), 5)).object["metadata"]["name"] == "a"


def test_a_restart_finds_everything_again(tmp_path):
    store = ObjectStore(tmp_path / "cluster.db")
    created = Objects(store).create(kinds.CONFIG_MAP, named("a"))
    store.close()
    again = Objects(ObjectStore(tmp_path / "cluster.db"))
    assert again.get(kinds.CONFIG_MAP, "default", "a") == created
    assert len(again.list(kinds.NAMESPACE)) == 4
