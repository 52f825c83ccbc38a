"""Which commands are asked of a proxy, and what they would have printed."""

import json

import pytest

from aks_flow.core.command import Secret, command
from aks_flow.push.history.revision import LABELS
from aks_flow.tools.argocd import ArgoCD
from aks_flow.tools.kubectl import (
    Kubectl,
    annotate,
    apply,
    create,
    delete,
    get,
    kinds,
    logs,
    output,
    raw,
    replace,
)
from aks_flow.tools.kubectl.exchange import ApiAnswer, ApiRequest, exchange

SHOP = Kubectl(context="prod", namespace="shop")
LEASE = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "lock"}}
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "auth"}}
LEASES, SECRETS = "/apis/coordination.k8s.io/v1/namespaces/shop/leases", "/api/v1/namespaces/shop/secrets"
SERVICE = "/api/v1/namespaces/shop/services/http:web:http/proxy/version"
ARGOCD = ArgoCD(Kubectl(context="prod", namespace="argocd"))
APPLICATIONS = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications"
STRICT = "fieldValidation=Strict"

KNOWN = {
    "a lock": (get.lease(SHOP, "lock"), [("GET", f"{LEASES}/lock")]),
    "a lock taken": (
        replace.version(SHOP, json.dumps(LEASE)),
        [("PUT", f"{LEASES}/lock?fieldManager=kubectl-replace&{STRICT}")],
    ),
    "a lock made": (
        create.unless_there(SHOP, json.dumps(LEASE)),
        [("POST", f"{LEASES}?fieldManager=kubectl-create&{STRICT}")],
    ),
    "a revision": (
        create.secret(SHOP, Secret(json.dumps(SECRET))),
        [("POST", f"{SECRETS}?fieldManager=kubectl-create&{STRICT}")],
    ),
    "a verdict": (
        annotate.annotate(SHOP, "secret", "auth", "a/b=good", "c=d=e"),
        [("PATCH", f"{SECRETS}/auth?fieldManager=kubectl-annotate")],
    ),
    "all revisions": (
        get.labelled(SHOP, "secrets", LABELS),
        [
            (
                "GET",
                f"{SECRETS}?labelSelector=app.kubernetes.io%2Fmanaged-by%3Daks-flow"
                "%2Capp.kubernetes.io%2Fcomponent%3Dhistory",
            )
        ],
    ),
    "old revisions that go": (
        delete.by_name(SHOP, "secret", "a", "b"),
        [("DELETE", f"{SECRETS}/a"), ("DELETE", f"{SECRETS}/b")],
    ),
    "several kinds": (
        get.all_of(SHOP, "deployments.apps,pods"),
        [("GET", "/apis/apps/v1/namespaces/shop/deployments"), ("GET", "/api/v1/namespaces/shop/pods")],
    ),
    "an Application": (ARGOCD.application("dev"), [("GET", f"{APPLICATIONS}/dev")]),
    "an Application's refresh": (
        ARGOCD.refresh("dev"),
        [("PATCH", f"{APPLICATIONS}/dev?fieldManager=kubectl-annotate")],
    ),
    "a watch": (
        raw.watch(SHOP, "pods", "v1", 9),
        [("GET", "/api/v1/namespaces/shop/pods?watch=true&timeoutSeconds=9")],
    ),
    "an app": (raw.service_get(SHOP, "web", "http", "/version"), [("GET", SERVICE)]),
    "the time": (raw.date(SHOP), [("GET", "/version")]),
}
UNKNOWN = {
    "a diff": SHOP.command("diff", "--filename=-"),
    "an apply": apply.manifest(SHOP, json.dumps(SECRET)),
    "a table": SHOP.command("get", "pods"),
    "all namespaces": SHOP.command("get", "pods", "--output=json", "--all-namespaces"),
    "names": get.names(SHOP, "pods"),
    "a kind that no delivery watches": get.all_of(SHOP, "deployments.apps,certificates.cert-manager.io"),
    "a namespace": get.find(SHOP, "namespace", "shop"),
    "an object that must be there": get.by_name(SHOP, "secret", "auth"),
    "several names": get.objects(SHOP, ["secret/auth", "service/web"]),
    "a log": logs.tail(SHOP, "web-1", "web", 5, False),
    "a removal of another kind": delete.by_name(SHOP, "service", "web"),
    "a removal that is waited for": delete.with_label(SHOP, "secrets", "a=b"),
    "a removal by name and kind": delete.objects(SHOP, "secret/auth"),
    "a namespace made": create.unless_there(SHOP, json.dumps({**SECRET, "kind": "Namespace"})),
    "a list made": create.secret(SHOP, Secret(json.dumps({"kind": "List", "items": [SECRET]}))),
    "YAML": create.unless_there(SHOP, "kind: Secret\nmetadata: {name: auth}"),
    "no manifest": create.unless_there(SHOP, ""),
    "a text": create.unless_there(SHOP, '"Secret"'),
    "a dry run": create.dry_run(SHOP, json.dumps(SECRET)),
    "a file": SHOP.command("create", "--filename=/etc/auth.json"),
    "another's annotation": annotate.annotate(SHOP, "deployment", "web", "a=b"),
    "an annotation taken off": annotate.annotate(SHOP, "secret", "auth", "a-"),
    "a raw write": SHOP.command("replace", "--raw=/api", "--filename=-"),
    "nothing": command("kubectl"),
    "a namespace that the kubeconfig knows": get.lease(Kubectl(context="prod"), "lock"),
}


@pytest.mark.parametrize(("asked", "requests"), KNOWN.values(), ids=KNOWN)
def test_a_command_is_known_by_what_it_asks_of_the_server(asked, requests):
    known = exchange(asked).requests
    assert [(request.method, request.path) for request in known] == requests


@pytest.mark.parametrize("asked", UNKNOWN.values(), ids=UNKNOWN)
def test_what_only_kubectl_knows_is_left_to_it(asked):
    assert exchange(asked) is None


def test_all_that_a_rollout_looks_at_is_known():
    everything = ",".join(map(kinds.resource, kinds.WATCHED))
    assert len(exchange(get.all_of(SHOP, everything)).requests) == len(kinds.WATCHED)


def test_a_limit_is_the_request_s_own():
    assert [exchange(get.lease(SHOP, "lock")).requests[0].seconds] == [5.0]
    assert exchange(raw.watch(SHOP, "pods", "v1", 9)).requests[0].seconds is None


def test_a_request_shows_no_secret():
    request = exchange(create.secret(SHOP, Secret('{"kind": "Secret", "metadata": {"name": "x"}}')))
    assert "metadata" not in repr(request) and b"metadata" in request.requests[0].body


def answer(body: object, status: int = 200, **headers: str) -> ApiAnswer:
    return ApiAnswer(status, list(headers.items()), json.dumps(body).encode())


def test_lists_are_shown_as_one_each_object_with_its_kind_and_without_owners():
    pod = {"metadata": {"name": "web-1", "managedFields": [{"manager": "kubelet"}]}}
    lists = [
        answer({"kind": "DeploymentList", "apiVersion": "apps/v1", "items": []}),
        answer({"kind": "PodList", "apiVersion": "v1", "items": [pod]}),
    ]
    shown = exchange(get.all_of(SHOP, "deployments.apps,pods")).result(lists)
    assert output.objects(shown.text) == [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-1"}},
    ]


def test_of_an_object_that_is_not_there_nothing_is_shown():
    known = exchange(get.lease(SHOP, "lock"))
    assert known.may_lack and known.result([answer({"kind": "Status"}, 404)]).text == ""
    assert json.loads(known.result([answer(LEASE)]).text) == LEASE


def test_an_app_s_answer_has_its_status_and_its_headers():
    status = exchange(raw.service_get(SHOP, "web", "http", "/"))
    headers = exchange(raw.service_get(SHOP, "web", "http", "/", with_headers=True))
    told = answer({"version": "1"}, 203, **{"X-Version": "1.2"})
    assert json.loads(status.result([told]).text) == {"version": "1"}
    assert raw.parse_status(status.result([told])) == raw.parse_status(headers.result([told])) == 203
    assert raw.parse_header(headers.result([told]), "x-version") == "1.2"
    assert raw.parse_refusal(headers.result([told])) == raw.parse_refusal(status.result([told])) == ""


def test_what_is_written_is_what_kubectl_was_given():
    text = json.dumps(SECRET)
    (request,) = exchange(create.secret(SHOP, Secret(text))).requests
    assert request == ApiRequest("POST", request.path, text.encode())
    (request,) = exchange(annotate.annotate(SHOP, "secret", "auth", "a/b=good", "c=d=e")).requests
    assert json.loads(request.body) == {"metadata": {"annotations": {"a/b": "good", "c": "d=e"}}}
    assert request.content == "application/merge-patch+json"
