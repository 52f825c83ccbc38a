"""ResourceQuotas: what counts, what is refused, and what their status says."""

from collections import Counter
from fractions import Fraction
from ipaddress import IPv4Network

import pytest

from aks_flow.rehearsal.standins.kubernetes.admission import pod_resources, quotas
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.options import WriteOptions


def a_pod(phase: str = "Running", requests: dict | None = None, limits: dict | None = None, **spec) -> dict:
    resources = {"requests": requests or {}, "limits": limits or {}}
    return {
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "web", "resources": resources}], **spec},
        "status": {"phase": phase, "qosClass": "Burstable" if requests else "BestEffort"},
    }


def a_quota(**spec) -> dict:
    return {"metadata": {"name": "small"}, "spec": spec}


def a_service(kind: str, *node_ports: int) -> dict:
    ports = [{"port": 80, "nodePort": port} for port in node_ports]
    return {"metadata": {"name": "s"}, "spec": {"type": kind, "ports": ports}}


CLAIM = {"metadata": {"name": "c"}, "spec": {"resources": {"requests": {"storage": "2Gi"}}}}


@pytest.mark.parametrize(
    ("kind", "item", "hard", "used"),
    [
        (kinds.POD, a_pod(), {"pods": "9", "count/pods": "9"}, {"pods": "1", "count/pods": "1"}),
        (kinds.POD, a_pod("Succeeded"), {"pods": "9", "count/pods": "9"}, {"pods": "0", "count/pods": "1"}),
        (
            kinds.POD,
            a_pod(requests={"cpu": "250m", "memory": "64Mi"}, limits={"memory": "1Gi"}),
            {"cpu": "1", "requests.cpu": "1", "requests.memory": "1Gi", "limits.memory": "2Gi"},
            {"cpu": "250m", "requests.cpu": "250m", "requests.memory": "64Mi", "limits.memory": "1Gi"},
        ),
        (
            kinds.SERVICE,
            a_service("LoadBalancer", 30001, 30002),
            {"services": "5", "services.loadbalancers": "1", "services.nodeports": "3"},
            {"services": "1", "services.loadbalancers": "1", "services.nodeports": "2"},
        ),
        (
            kinds.PERSISTENT_VOLUME_CLAIM,
            CLAIM,
            {"persistentvolumeclaims": "5", "requests.storage": "10Gi"},
            {"persistentvolumeclaims": "1", "requests.storage": "2Gi"},
        ),
        (
            kinds.DEPLOYMENT,
            {"metadata": {"name": "d"}},
            {"count/deployments.apps": "2", "pods": "2"},
            {"count/deployments.apps": "1", "pods": "0"},
        ),
    ],
)
def test_an_object_counts_for_what_it_uses(kind, item, hard, used):
    quota = a_quota(hard=hard)
    assert quotas.status(quota, quotas.used(quota, [(kind, item)])) == {"hard": hard, "used": used}


@pytest.mark.parametrize(
    ("hard", "before", "item", "why"),
    [
        ({"pods": "2"}, {"pods": 1}, a_pod(), ""),
        (
            {"pods": "2"},
            {"pods": 2},
            a_pod(),
            "exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2",
        ),
        (
            {"requests.cpu": "1", "requests.memory": "100Mi"},
            {"requests.cpu": Fraction(3, 4), "requests.memory": 64 * 1024**2},
            a_pod(requests={"cpu": "500m", "memory": "64Mi"}),
            "exceeded quota: small, requested: requests.cpu=500m,requests.memory=64Mi, "
            "used: requests.cpu=750m,requests.memory=64Mi, limited: requests.cpu=1,requests.memory=100Mi",
        ),
        (
            {"limits.cpu": "1", "memory": "1Gi"},
            {},
            a_pod(requests={"cpu": "1"}),
            "failed quota: small: must specify limits.cpu for: web; memory for: web",
        ),
    ],
)
def test_what_is_over_the_limit_or_states_nothing_is_refused(hard, before, item, why):
    assert quotas.refusal(a_quota(hard=hard), Counter(before), kinds.POD, None, item) == why


def test_a_change_is_refused_only_for_what_it_adds():
    quota = a_quota(hard={"services.nodeports": "1"})
    over = Counter({"services.nodeports": 2})
    old = a_service("NodePort", 30001)
    assert quotas.refusal(quota, over, kinds.SERVICE, old, old) == ""
    more = a_service("NodePort", 30001, 30002)
    assert "requested: services.nodeports=1" in quotas.refusal(quota, over, kinds.SERVICE, old, more)


@pytest.mark.parametrize(
    ("spec", "applies"),
    [
        ({"scopes": ["BestEffort"]}, True),
        ({"scopes": ["NotBestEffort"]}, False),
        ({"scopes": ["Terminating"]}, False),
        ({"scopes": ["NotTerminating", "BestEffort"]}, True),
        (
            {
                "scopeSelector": {
                    "matchExpressions": [{"scopeName": "PriorityClass", "operator": "In", "values": ["high"]}]
                }
            },
            False,
        ),
        (
            {
                "scopeSelector": {
                    "matchExpressions": [{"scopeName": "PriorityClass", "operator": "DoesNotExist"}]
                }
            },
            True,
        ),
    ],
)
def test_scopes_choose_among_pods_and_take_in_nothing_else(spec, applies):
    quota = a_quota(hard={"pods": "1", "services": "1"}, **spec)
    assert quotas.applies(quota, kinds.POD, a_pod()) == applies
    assert not quotas.applies(quota, kinds.SERVICE, a_service("ClusterIP"))


def in_default(name: str, **spec) -> dict:
    return {"metadata": {"name": name, "namespace": "default"}, "spec": spec}


@pytest.mark.parametrize(
    ("hard", "ports"),
    [({"services": "1"}, [{"port": 80}]), ({}, [{"port": 80, "nodePort": 30123}])],
    ids=["a quota", "a node port"],
)
def test_a_dry_run_uses_nothing_up_so_that_only_the_second_of_two_is_refused(objects, hard, ports):
    objects.service_network = IPv4Network("10.9.0.0/24")
    objects.create(kinds.RESOURCE_QUOTA, in_default("small", hard=hard))
    first, second = (in_default(name, type="NodePort", ports=ports) for name in ("first", "second"))
    for service in (first, second):
        objects.create(kinds.SERVICE, service, WriteOptions(dry_run=True))
    objects.create(kinds.SERVICE, first)
    for dry_run in (True, False):
        with pytest.raises(StatusError, match="exceeded quota: small|port is already allocated"):
            objects.create(kinds.SERVICE, second, WriteOptions(dry_run))


def test_a_pod_that_was_there_before_its_quota_can_be_changed(objects):
    metadata = {"name": "p", "namespace": "default"}
    objects.create(kinds.POD, {"metadata": metadata, "spec": {"containers": [{"name": "c", "image": "i"}]}})
    late = {"metadata": {"name": "late", "namespace": "default"}, "spec": {"hard": {"requests.cpu": "1"}}}
    objects.create(kinds.RESOURCE_QUOTA, late)

    def label(pod: dict) -> None:
        pod["metadata"]["labels"] = {"a": "b"}

    assert objects.modify(kinds.POD, "default", "p", label)["metadata"]["labels"] == {"a": "b"}


def test_sidecars_count_beside_the_containers_and_each_init_container_that_follows():
    def asking(cpu: str, **fields) -> dict:
        return {"name": "c", "resources": {"requests": {"cpu": cpu}}, **fields}

    early, sidecar, late = asking("400m"), asking("100m", restartPolicy="Always"), asking("250m")
    spec = {"initContainers": [early, sidecar, late], "containers": [asking("150m")]}
    assert pod_resources.total({"spec": spec}, "requests")["cpu"] == Fraction("0.4")
    spec["initContainers"][2] = asking("350m")
    assert pod_resources.total({"spec": spec}, "requests")["cpu"] == Fraction("0.45")
    spec["containers"][0] = asking("500m")
    assert pod_resources.total({"spec": spec}, "requests")["cpu"] == Fraction("0.6")
