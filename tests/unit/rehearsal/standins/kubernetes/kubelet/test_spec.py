"""What a Pod asks for, as Docker's configuration and as an environment."""

import base64
from pathlib import Path

import pytest
import yaml

from aks_flow.rehearsal.standins.kubernetes.kubelet.spec import (
    docker_container,
    docker_sandbox,
    environment,
    resources,
    security,
)
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.errors import ContainerConfigError
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.expansion import expand
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.fields import PodFacts

DATA = Path(__file__).parent / "data"
CONTAINERS = yaml.safe_load((DATA / "containers.yaml").read_text())
ENVIRONMENTS = yaml.safe_load((DATA / "environments.yaml").read_text())
FACTS = PodFacts("10.1.0.9", "10.1.0.1", {"cpu": "2", "memory": "1Gi"})


def pod_of(own: dict, **spec) -> dict:
    meta = {"name": "web-1", "namespace": "shop", "uid": "u1", "labels": {"app": "web"}}
    return {"metadata": meta, "spec": {"nodeName": "rehearsal", "containers": [own], **spec}}


def docker_config(own: dict, pod_spec: dict, image_user: str = "10001") -> dict:
    own = {"name": "web", "image": "web:v1", **own}
    resolved = docker_container.Resolved("web@sha256:0", image_user, {"A": "1"}, [], "sandbox", "id", 2)
    return docker_container.config(pod_of(own, **pod_spec), own, resolved)


@pytest.mark.parametrize("case", CONTAINERS, ids=lambda case: case["name"])
def test_a_container_becomes_a_docker_configuration(case):
    configuration = docker_config(case.get("container", {}), case.get("pod", {}))
    for key, value in case["expected"].items():
        assert configuration[key] == value, key
    for key, value in case.get("host", {}).items():
        assert configuration["HostConfig"][key] == value, key
    assert set(case.get("absent", ())).isdisjoint(configuration)


def test_a_container_joins_its_sandbox_and_carries_its_labels():
    configuration = docker_config({}, {})
    assert (
        configuration["HostConfig"]["NetworkMode"]
        == configuration["HostConfig"]["IpcMode"]
        == "container:sandbox"
    )
    assert (
        "OomScoreAdj" not in configuration["HostConfig"]
        and "RestartPolicy" not in configuration["HostConfig"]
    )
    assert configuration["Labels"] == {
        "aks-flow.rehearsal": "id",
        "aks-flow.pod": "u1",
        "aks-flow.container": "web",
        "aks-flow.attempt": "2",
    }


def sources(case: dict) -> environment.EnvironmentSources:
    def secret(name: str) -> dict | None:
        data = case.get("secrets", {}).get(name)
        if data is None:
            return None
        return {"data": {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}}

    def config_map(name: str) -> dict | None:
        data = case.get("configMaps", {}).get(name)
        return None if data is None else {"data": data}

    return environment.EnvironmentSources(config_map, secret, case.get("services", []), FACTS)


@pytest.mark.parametrize("case", ENVIRONMENTS, ids=lambda case: case["name"])
def test_an_environment_is_resolved(case):
    own = {"name": "web", **case["container"]}
    pod = pod_of(own, **case.get("pod", {}))
    if "error" in case:
        with pytest.raises(ContainerConfigError) as error:
            environment.resolve(pod, own, sources(case))
        assert str(error.value) == case["error"]
    else:
        assert environment.resolve(pod, own, sources(case)) == case["expected"]


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("$(A)-$(B)", "1-$(B)"),
        ("$$(A)", "$(A)"),
        ("$$$(A)", "$1"),
        ("100$", "100$"),
        ("$(A", "$(A"),
        ("$()", "$()"),
    ],
)
def test_references_are_expanded_as_kubernetes_does(text, expanded):
    assert expand(text, {"A": "1"}) == expanded


@pytest.mark.parametrize(
    ("context", "image_user", "message"),
    [
        ({"runAsUser": 0}, "1", "container's runAsUser breaks non-root policy"),
        ({}, "", "container has runAsNonRoot and image will run as root"),
        ({}, "0:0", "container has runAsNonRoot and image will run as root"),
        ({}, "app", "container has runAsNonRoot and image has non-numeric user (app), cannot verify"),
    ],
)
def test_root_is_refused_where_it_may_not_run(context, image_user, message):
    own = {"name": "web", "securityContext": context | {"runAsNonRoot": True}}
    with pytest.raises(ContainerConfigError, match="^" + message.replace("(", r"\(").replace(")", r"\)")):
        security.check_non_root(pod_of(own), own, image_user)


def test_a_numeric_user_satisfies_run_as_non_root():
    own = {"name": "web", "securityContext": {"runAsNonRoot": True}}
    security.check_non_root(pod_of(own), own, "10001")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "BestEffort"),
        ({"requests": {"cpu": "1"}}, "Burstable"),
        ({"limits": {"cpu": "1", "memory": "1Gi"}}, "Guaranteed"),
        (
            {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "1000m", "memory": "1024Mi"}},
            "Guaranteed",
        ),
        ({"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "500m"}}, "Burstable"),
        ({"limits": {"memory": "1Gi"}}, "Burstable"),
    ],
)
def test_the_quality_of_service_class_follows_requests_and_limits(given, expected):
    assert resources.qos_class(pod_of({"name": "web", "resources": given})) == expected


def test_a_hostname_is_cut_to_what_a_hostname_may_be():
    pod = pod_of({"name": "web"})
    pod["metadata"]["name"] = "a" * 62 + "-" + "b" * 20
    assert docker_sandbox.hostname(pod) == "a" * 62
