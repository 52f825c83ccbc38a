"""A delivery's kubectl proxy answers as kubectl does: each command is given to both."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from aks_flow.core import wait
from aks_flow.core.command import Command, Result, Secret
from aks_flow.core.runner import Local
from aks_flow.target.api_proxy import Proxied
from aks_flow.tools.kubectl import Kubectl, annotate, create, delete, get, kinds, output, raw, replace
from tests.e2e.cluster.objects import apply, pod_spec, read, service, web, workload
from tests.e2e.kubectl import PROGRAM

LEASE = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "lock"}}
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "auth", "labels": {"a": "b"}}}


@pytest.fixture
def shop(kubectl, namespace, monkeypatch) -> Kubectl:
    """The project's own kubectl, for the cluster under test."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(PROGRAM).parent), os.environ["PATH"]]))
    return Kubectl(str(kubectl.kubeconfig), namespace=namespace)


class OnlyTheProxy(Local):
    """kubectl that serves, and does nothing else."""

    def run(self, command: Command) -> Result:
        raise AssertionError(f"the proxy was not asked: {command}")


@pytest.fixture
def proxied(shop, tmp_path) -> Iterator[Proxied]:
    alone = OnlyTheProxy()
    runner = Proxied(alone, shop, tmp_path / "api")
    with alone.follow(runner.serve, runner.hear):
        yield runner


@pytest.fixture
def app(kubectl, namespace, demo) -> None:
    apply(
        kubectl,
        namespace,
        workload("Deployment", "web", pod_spec(web(demo["v1"]))),
        service("web", ports=[{"name": "http", "port": 80, "targetPort": 8080}]),
    )
    kubectl.ok("-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s")


def steady(objects: list[dict]) -> list[dict]:
    """Without events, of which there may be one more."""
    return sorted((item for item in objects if item["kind"] != "Event"), key=output.object_name)


def test_all_that_tells_of_a_rollout_is_as_kubectl_prints_it(shop, proxied, app):
    asked = get.all_of(shop, ",".join(map(kinds.resource, kinds.WATCHED)))
    ours, theirs = (output.objects(run.run(asked).text) for run in (proxied, Local()))
    assert steady(ours) == steady(theirs) and {"Pod", "EndpointSlice"} <= {item["kind"] for item in ours}


def test_an_app_s_answer_has_the_same_body_status_and_header(shop, proxied, app):
    for with_headers in (False, True):
        asked = raw.service_get(shop, "web", "http", "/ready", with_headers)
        ours, theirs = proxied.run(asked), Local().run(asked)
        assert (ours.text, raw.parse_status(ours)) == (theirs.text, raw.parse_status(theirs))
    assert raw.parse_header(ours, "Content-Type") == raw.parse_header(theirs, "Content-Type") != ""
    assert raw.parse_header(proxied.run(raw.date(shop)), "Date").endswith("GMT")


def test_a_lease_is_made_replaced_and_refused_like_kubectl_s(kubectl, namespace, shop, proxied):
    assert proxied.run(get.lease(shop, "lock")) == Local().run(get.lease(shop, "lock"))
    made = proxied.run(create.unless_there(shop, json.dumps(LEASE)))
    assert output.only(made.text) == output.only(Local().run(get.lease(shop, "lock")).text)
    version = output.only(made.text)["metadata"]["resourceVersion"]
    held = {
        **LEASE,
        "metadata": {"name": "lock", "resourceVersion": version},
        "spec": {"holderIdentity": "x"},
    }
    assert proxied.run(replace.version(shop, json.dumps(held))).code == 0
    assert read(kubectl, namespace, "lease/lock")["spec"] == {"holderIdentity": "x"}
    for late in (replace.version(shop, json.dumps(held)), create.unless_there(shop, json.dumps(LEASE))):
        with pytest.raises(AssertionError, match="the proxy was not asked"):
            proxied.run(late)  # kubectl tells why


def test_a_secret_is_made_annotated_and_listed_like_kubectl_s(kubectl, namespace, shop, proxied):
    proxied.run(create.secret(shop, Secret(json.dumps(SECRET | {"stringData": {"key": "value"}}))))
    proxied.run(annotate.annotate(shop, "secret", "auth", "x/verdict=good", "y=1=2"))
    listed = get.labelled(shop, "secrets", {"a": "b"})
    (ours,), (theirs,) = (output.objects(run.run(listed).text) for run in (proxied, Local()))
    assert ours == theirs and ours["metadata"]["annotations"] == {"x/verdict": "good", "y": "1=2"}
    managers = read(kubectl, namespace, "secret/auth", "--show-managed-fields")["metadata"]["managedFields"]
    assert {entry["manager"] for entry in managers} == {"kubectl-create", "kubectl-annotate"}


def test_secrets_go_and_those_that_are_gone_are_no_fault(kubectl, namespace, shop, proxied):
    proxied.run(create.secret(shop, Secret(json.dumps(SECRET))))
    proxied.run(delete.by_name(shop, "secret", "auth", "no-such"))
    assert kubectl.ok("-n", namespace, "get", "secrets", "--selector=a=b", "--output=name") == ""


def test_a_watch_tells_what_happens(shop, proxied):
    heard: list = []
    with proxied.follow(raw.watch(shop, "secrets", "v1", 30), heard.append):
        proxied.run(create.secret(shop, Secret(json.dumps(SECRET))))
        wait.until(lambda: heard, "an event", 20, pause=0.05)
    assert [output.event(heard[0])[1]["metadata"]["name"]] == ["auth"]
