"""Services to endpoints: who gets traffic."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.controllers.endpoints.decide import groups, ports
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import (
    DEPLOYMENT,
    ENDPOINT_SLICE,
    ENDPOINTS,
    POD,
    SERVICE,
)
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import deployment, set_image

PORTS = [{"name": "http", "port": 80, "targetPort": "http"}]


@pytest.fixture
def web(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment())
    cluster.create(SERVICE, "web", spec={"selector": {"app": "web"}, "ports": PORTS})
    return cluster


def _addresses(cluster, condition: str = "ready") -> list[str]:
    (endpoint_slice,) = cluster.all(ENDPOINT_SLICE)
    endpoints = endpoint_slice.get("endpoints", ())
    return [
        address for entry in endpoints if entry["conditions"][condition] for address in entry["addresses"]
    ]


def test_a_slice_lists_the_ready_pods_with_their_ports(web):
    (endpoint_slice,) = web.all(ENDPOINT_SLICE)
    pod = web.all(POD)[0]
    assert endpoint_slice["endpoints"][0] == {
        "addresses": [pod["status"]["podIP"]],
        "conditions": {"ready": True, "serving": True, "terminating": False},
        "nodeName": "node-1",
        "targetRef": {
            "kind": "Pod",
            "name": pod["metadata"]["name"],
            "namespace": "shop",
            "uid": pod["metadata"]["uid"],
        },
    }
    assert endpoint_slice["ports"] == [{"name": "http", "port": 8080, "protocol": "TCP"}]
    assert endpoint_slice["metadata"]["labels"] == {
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name": "web",
    }
    assert endpoint_slice["metadata"]["ownerReferences"][0]["kind"] == "Service"


def test_the_legacy_object_says_the_same(web):
    legacy = web.get(ENDPOINTS, "web")
    assert legacy["metadata"]["labels"] == {"endpoints.kubernetes.io/managed-by": "endpoint-controller"}
    assert [address["ip"] for address in legacy["subsets"][0]["addresses"]] == _addresses(web)
    assert legacy["subsets"][0]["ports"] == [{"name": "http", "port": 8080, "protocol": "TCP"}]


def test_a_pod_that_is_not_ready_any_more_leaves_at_once(web):
    pod = web.all(POD)[0]
    web.kubelet.set_ready(pod, False)
    web.settle()
    assert pod["status"]["podIP"] not in _addresses(web)
    assert web.get(ENDPOINTS, "web")["subsets"][0]["notReadyAddresses"][0]["ip"] == pod["status"]["podIP"]


def test_a_pod_that_is_being_deleted_serves_but_gets_no_new_traffic(web):
    pod = web.all(POD)[0]
    web.kubelet.stalled = True
    web.delete(POD, pod["metadata"]["name"])
    address = pod["status"]["podIP"]
    assert address not in _addresses(web)
    assert address in _addresses(web, "serving")
    assert address in _addresses(web, "terminating")


def test_pods_that_are_not_ready_are_published_if_the_service_says_so(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment("sick"))
    spec = {"selector": {"app": "web"}, "ports": PORTS, "publishNotReadyAddresses": True}
    cluster.create(SERVICE, "web", spec=spec)
    assert len(_addresses(cluster)) == 2
    assert _addresses(cluster, "serving") == []


def test_a_service_without_pods_has_an_empty_slice(cluster):
    cluster.create(SERVICE, "web", spec={"selector": {"app": "web"}, "ports": PORTS})
    assert _addresses(cluster) == []
    assert "subsets" not in cluster.get(ENDPOINTS, "web")


def test_a_rollout_leaves_only_new_addresses_in_the_same_slice(web):
    (before,) = web.names(ENDPOINT_SLICE)
    web.modify(DEPLOYMENT, "web", set_image("v2"))
    assert _addresses(web) == [pod["status"]["podIP"] for pod in web.all(POD)]
    assert web.names(ENDPOINT_SLICE) == [before]


def test_a_slice_that_someone_deletes_comes_back(web):
    web.delete(ENDPOINT_SLICE, web.names(ENDPOINT_SLICE)[0])
    assert len(_addresses(web)) == 2


def test_endpoints_go_with_their_service(web):
    web.delete(SERVICE, "web")
    assert (web.all(ENDPOINT_SLICE), web.all(ENDPOINTS)) == ([], [])


def test_a_service_without_selector_is_left_alone(cluster):
    cluster.create(SERVICE, "outside", spec={"ports": PORTS})
    assert cluster.all(ENDPOINT_SLICE) == []


def _service(*listed_ports: dict) -> dict:
    return {"metadata": {"name": "web"}, "spec": {"ports": list(listed_ports)}}


def _pod(name: str, number: int) -> dict:
    declared = [{"name": "http", "containerPort": number, "protocol": "TCP"}]
    return {
        "metadata": {"name": name, "namespace": "shop", "uid": name},
        "spec": {"containers": [{"ports": declared}]},
        "status": {"podIP": "10.0.0.1", "phase": "Running"},
    }


def test_a_named_port_resolves_in_each_pod():
    service = _service({"port": 80, "targetPort": "http"}, {"name": "admin", "port": 81, "targetPort": 9000})
    assert ports(service, _pod("a", 8080)) == (("", 8080, "TCP", None), ("admin", 9000, "TCP", None))
    by_ports = groups(service, [_pod("a", 8080), _pod("b", 8081)])
    assert [[entry["targetRef"]["name"] for entry in part] for part in by_ports.values()] == [["a"], ["b"]]


def test_a_port_that_no_container_names_is_left_out():
    assert ports(_service({"port": 80, "targetPort": "metrics"}), _pod("a", 8080)) == ()
