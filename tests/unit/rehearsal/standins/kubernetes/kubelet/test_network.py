"""Addresses, names and routes: decided from data."""

from ipaddress import IPv4Network
from pathlib import Path

import pytest
import yaml

from aks_flow.rehearsal.standins.kubernetes.kubelet.network import (
    address_plan,
    hosts_files,
    load_balancers,
    routes,
)
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.address_pool import AddressPool

DATA = yaml.safe_load((Path(__file__).parent / "data" / "services.yaml").read_text())
SERVICES, SLICES = DATA["services"], DATA["slices"]


def test_a_subnet_is_chosen_that_nobody_uses():
    first = address_plan.choose([], "id")
    assert address_plan.choose([], "id") == first
    assert not address_plan.choose([first], "id").overlaps(first)
    assert address_plan.choose([IPv4Network("10.0.0.0/8")], "id").subnet_of(IPv4Network("172.16.0.0/12"))
    private = [IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12")]
    assert address_plan.choose(private, "id").subnet_of(IPv4Network("198.18.0.0/15"))


def test_two_rehearsals_begin_their_search_at_different_places():
    assert len({address_plan.choose([], f"id{number}") for number in range(20)}) > 10


def test_a_plan_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(address_plan, "taken", list)
    before = address_plan.load(tmp_path, "id")
    monkeypatch.setattr(address_plan, "taken", lambda: [before.subnet])
    assert address_plan.load(tmp_path, "other") == before


def test_pods_and_services_have_a_half_each():
    halves = address_plan.AddressPlan(IPv4Network("10.5.0.0/16"))
    assert (str(halves.pods), str(halves.services)) == ("10.5.0.0/17", "10.5.128.0/17")
    assert (str(halves.gateway), str(halves.proxy)) == ("10.5.0.1", "10.5.0.2")


def test_addresses_are_handed_out_in_turn_and_rest_before_they_return():
    pool = AddressPool(IPv4Network("10.5.0.0/28"))
    first = pool.claim("a")
    assert first == "10.5.0.10"
    pool.release("a")
    assert [pool.claim(owner) for owner in "bcdef"][-1] == first


def test_an_adopted_address_is_not_given_to_another():
    pool = AddressPool(IPv4Network("10.5.0.0/24"))
    pool.adopt("a", "10.5.0.10")
    assert pool.claim("b") == "10.5.0.11"


def test_a_cluster_address_leads_to_its_ready_pods():
    assert routes.cluster_table(SERVICES, SLICES, set()) == {
        ("10.5.128.7", 80): [("10.5.0.11", 8080), ("10.5.0.12", 8080)],
        ("10.5.128.7", 9090): [("10.5.0.11", 9100), ("10.5.0.12", 9100)],
        ("10.5.128.9", 80): [("10.5.0.31", 8080)],
    }


def test_a_withdrawn_pod_gets_no_connection():
    table = routes.cluster_table(SERVICES, SLICES, {"10.5.0.11"})
    assert table["10.5.128.7", 80] == [("10.5.0.12", 8080)]


def test_on_the_host_node_ports_and_load_balancers_are_served():
    host_ports = routes.host_ports(SERVICES, SLICES, set())
    backends = [("10.5.0.11", 8080), ("10.5.0.12", 8080)]
    assert host_ports.table["127.0.0.1", 30080] == backends
    assert host_ports.table["127.0.0.1", 80] == backends
    assert host_ports.table["127.0.0.1", 30090] == [("10.5.0.31", 8080)]


def test_two_load_balancers_that_want_one_port_are_told_so():
    host_ports = routes.host_ports(SERVICES, SLICES, set())
    younger = next(service for service in SERVICES if service["metadata"]["name"] == "younger")
    assert load_balancers.status(younger, host_ports, {}) == {
        "ingress": [
            {
                "ip": "127.0.0.1",
                "ipMode": "VIP",
                "ports": [{"port": 80, "protocol": "TCP", "error": "PortInUse"}],
            }
        ]
    }


@pytest.mark.parametrize(
    ("number", "reason"), [(98, "PortInUse"), (13, "PermissionDenied"), (99, "PortUnavailable")]
)
def test_a_port_that_the_host_refuses_is_explained(number, reason):
    web = SERVICES[0]
    status = load_balancers.status(
        web, routes.host_ports(SERVICES, SLICES, set()), {("127.0.0.1", 80): number}
    )
    assert status["ingress"][0]["ports"][0] == {"port": 80, "protocol": "TCP", "error": reason}
    assert "error" not in status["ingress"][0]["ports"][1]


def test_a_service_that_is_no_load_balancer_has_no_ingress():
    cluster_ip = next(service for service in SERVICES if service["metadata"]["name"] == "ending")
    assert load_balancers.status(cluster_ip, routes.HostPorts(), {}) == {}


def test_a_load_balancer_of_a_class_is_left_to_whoever_has_that_class():
    """Nobody here: a cluster's own provider leaves it alone, and it never gets an address."""
    web = next(service for service in SERVICES if service["metadata"]["name"] == "web")
    classed = {**web, "spec": {**web["spec"], "loadBalancerClass": "example.com/other"}}
    others = [service for service in SERVICES if service["metadata"]["name"] not in ("web", "younger")]
    assert load_balancers.status(classed, routes.HostPorts(), {}) == {}
    host_ports = routes.host_ports([*others, classed], SLICES, set())
    assert ("127.0.0.1", 80) not in host_ports.table and ("127.0.0.1", 30080) in host_ports.table


def test_a_pods_hosts_file_names_itself_and_every_service():
    meta = {"name": "db-0", "namespace": "shop", "uid": "u"}
    spec = {
        "hostname": "db-0",
        "subdomain": "peers",
        "hostAliases": [{"ip": "192.0.2.1", "hostnames": ["a", "b"]}],
    }
    text = hosts_files.render({"metadata": meta, "spec": spec}, "10.5.0.11", SERVICES, SLICES)
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    table = {(line[0], name) for line in lines for name in line[1:]}
    assert ("127.0.0.1", "localhost") in table
    assert ("10.5.0.11", "db-0.peers.shop.svc.cluster.local") in table
    assert ("192.0.2.1", "b") in table
    for name in ("web", "web.shop", "web.shop.svc", "web.shop.svc.cluster.local"):
        assert ("10.5.128.7", name) in table
    assert ("10.5.0.21", "peers") in table
    assert ("10.5.0.21", "db-0.peers.shop.svc.cluster.local") in table
    assert ("10.5.0.22", "peers") not in table, "not ready"
    assert ("10.5.128.10", "far.away") in table
    assert ("10.5.128.10", "far") not in table, "another namespace"


def test_a_hosts_file_is_rewritten_in_place(tmp_path):
    services: list[dict] = []
    files = hosts_files.HostsFiles(tmp_path, lambda: (services, []))
    pod = {"metadata": {"name": "web", "namespace": "shop", "uid": "u"}, "spec": {}}
    files.write(pod, "10.5.0.11")
    inode = files.path(pod).stat().st_ino
    services += SERVICES
    files.refresh()
    assert "web.shop.svc" in files.path(pod).read_text()
    services.clear()
    files.refresh()
    assert files.path(pod).read_text().endswith("10.5.0.11\tweb\n")
    assert files.path(pod).stat().st_ino == inode
