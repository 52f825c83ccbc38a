"""A version that an app tells is right if the registry has it for what the app's pods run, and only then."""

import json

import pytest

from aks_flow.core.command import Result
from aks_flow.core.config.contract import Contract, ToldVersion
from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.rollout import app_version, same_image
from aks_flow.tools.kubectl import Kubectl
from tests.unit.planned import Planned

CLUSTER = Kubectl(namespace="shop")
NEW, OLD, API = ("sha256:" + letter * 64 for letter in "abc")
WEB = ImageRef.parse(f"registry.example/shop-web:1.5.0-rc.1@{NEW}")
DELIVERED = with_others(WEB, {"shop-api": ImageRef.parse(f"registry.example/shop-api:1.5.0-rc.1@{API}")})
HELD = {"shop-web:1.5.0-alpha.7": NEW, "shop-web:1.4.0": OLD, "shop-api:1.5.0-alpha.7": API}
HELD |= {"shop-api:1.4.0": API, "shop-api:1.3.0": API}  # the API has not changed for long
SERVICE = "kubectl --namespace=shop get service web --output=json"
PODS = "kubectl --namespace=shop get pods --output=json --selector=app=web"


def registry(image: ImageRef, version: str) -> bool:
    return HELD.get(f"{image.repository}:{version}") == image.digest


def pod(*images: str, **metadata) -> dict:
    return {
        "metadata": {"name": "web-1", **metadata},
        "spec": {"containers": [{"image": image} for image in images]},
    }


def answers(*pods: dict, selector: dict | None = None) -> dict[str, object]:
    spec = {"selector": {"app": "web"} if selector is None else selector}
    service = {"kind": "Service", "metadata": {"name": "web"}, "spec": spec}
    return {SERVICE: json.dumps(service), PODS: json.dumps({"kind": "List", "items": pods})}


RUNS = pod(str(WEB), "registry.example/proxy@" + OLD)
# what there is, the version that is told, whether it is the same.
CASES = {
    "what it was built as": (answers(RUNS), "1.5.0-alpha.7", True),
    "a version of another build": (answers(RUNS), "1.4.0", False),
    "a version that only another image has": (answers(RUNS), "1.3.0", False),
    "a version that nobody has": (answers(RUNS), "9.9.9", False),
    "no version": (answers(RUNS), "unknown\n", False),
    "a pod of another build as well": (
        answers(RUNS, pod(f"registry.example/shop-web@{OLD}")),
        "1.5.0-alpha.7",
        False,
    ),
    "an older pod that ends": (
        answers(RUNS, pod(f"registry.example/shop-web@{OLD}", deletionTimestamp="2026-11-29T09:00:00Z")),
        "1.5.0-alpha.7",
        True,
    ),
    "a pod without a digest": (
        answers(pod("registry.example/shop-web:1.5.0-alpha.7")),
        "1.5.0-alpha.7",
        False,
    ),
    "no pod": (answers(), "1.5.0-alpha.7", False),
    "a Service that selects nothing": (answers(selector={}), "1.5.0-alpha.7", False),
    "no Service": ({SERVICE: Result(1, b"", b"NotFound")}, "1.5.0-alpha.7", False),
}


@pytest.mark.parametrize(("there", "version", "is_same"), CASES.values(), ids=CASES)
def test_it_is_the_same_if_all_that_answers_is_tagged_so(there, version, is_same):
    assert same_image.behind(Planned(there), CLUSTER, "web", DELIVERED, registry)(version) is is_same


def test_an_app_is_right_about_the_version_that_it_was_built_as():
    contract = Contract("web", "http", ToldVersion("/version", key="version"))
    url = "/api/v1/namespaces/shop/services/http:web:http/proxy/version"
    log = b'I1 9 round_trippers.go:632] "Response" status="200 OK" milliseconds=5\n'
    asked = {
        f"kubectl --namespace=shop get --raw={url} --v=6": Result(0, b'{"version": "1.5.0-alpha.7"}', log)
    }
    run = Planned(answers(RUNS) | asked)
    is_same = same_image.behind(run, CLUSTER, "web", DELIVERED, registry)
    assert app_version.now(run, CLUSTER, contract, WEB.tag, is_same).version == "1.5.0-alpha.7"
    assert app_version.now(run, CLUSTER, contract, WEB.tag).wrong
