"""Manifests taken apart, canaries compared, and how far an interrupted one has come."""

import copy
import json

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.manifests.sync_waves import ManifestDocument
from aks_flow.push.strategy import blue_green, canary, cluster_state, compare, parts, references, twins
from aks_flow.push.strategy.cluster_state import ClusterState
from aks_flow.push.strategy.twins import BASELINE, CANARY, GREEN, STEP, TRACK
from aks_flow.tools.kubectl import resources
from tests.unit.push.strategy.objects import DEPLOYMENT, SCALER, SERVICE
from tests.unit.rollout.verdict.objects import pod

OTHER = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop"}}
LIVE = {**DEPLOYMENT, "metadata": {**DEPLOYMENT["metadata"], "uid": "u"}}


def documents(*items):
    return [ManifestDocument(json.dumps(item) + "\n", item) for item in items]


PARTS = parts.split(documents(OTHER, SERVICE, DEPLOYMENT, SCALER), "shop")


def changed_pods():
    other = copy.deepcopy(DEPLOYMENT)
    other["spec"]["template"]["spec"]["containers"][0]["image"] = "registry/shop:1"
    return other


def test_a_manifest_comes_apart_into_the_app_what_leads_to_it_and_the_rest():
    assert PARTS.deployment == DEPLOYMENT
    assert PARTS.services == (SERVICE,) and PARTS.scalers == (SCALER,)
    assert json.loads(PARTS.rest) == OTHER
    assert PARTS.has_service("shop") and not PARTS.has_service("other")


@pytest.mark.parametrize("kind", ["StatefulSet", "Rollout"])
def test_an_app_that_is_no_deployment_is_one_sentence(kind):
    with pytest.raises(AksFlowError, match="needs a Deployment shop, and there is none.*--strategy rolling"):
        parts.split(documents({**DEPLOYMENT, "kind": kind}), "shop")


def test_a_deployment_that_has_a_twin_s_name_already_is_one_sentence():
    green = {**DEPLOYMENT, "metadata": {"name": "shop-green"}}
    with pytest.raises(AksFlowError, match="would take the name of the manifests' own Deployment shop-green"):
        parts.split(documents(DEPLOYMENT, green), "shop")


def test_objects_become_a_manifest_that_is_read_back():
    text = resources.documents([SERVICE, SCALER])
    assert [json.loads(part) for part in text.split("---\n") if part] == [SERVICE, SCALER]


def test_a_service_beside_finds_the_twin_alone_and_is_inside_the_cluster():
    outside = copy.deepcopy(SERVICE)
    outside["spec"] |= {"type": "LoadBalancer", "externalTrafficPolicy": "Local"}
    outside["spec"]["ports"] = [{"name": "http", "port": 80, "targetPort": "web", "nodePort": 30080}]
    beside = references.beside(outside, CANARY)
    assert beside["metadata"] == {"name": "shop-canary", "labels": {TRACK: CANARY}}
    assert beside["spec"] == {
        "type": "ClusterIP",
        "selector": {"app": "shop", TRACK: CANARY},
        "ports": [{"name": "http", "port": 80, "targetPort": "web"}],
    }


def at_step(text, deployment=DEPLOYMENT):
    return ClusterState(LIVE, {CANARY: twins.twin(deployment, CANARY, 1, **{STEP: text})})


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (ClusterState(LIVE, {}), 1),
        (at_step("1"), 1),
        (at_step("2"), 2),
        (at_step("9"), 3),
        (at_step("two"), 1),
        (at_step("2", changed_pods()), 1),
    ],
    ids=["none", "first", "second", "fewer steps by now", "not ours", "another version's"],
)
def test_an_interrupted_canary_goes_on_at_its_step_if_it_is_the_same_version(state, step):
    assert canary.begun(state, DEPLOYMENT, 3) == step


def test_a_step_has_as_many_fresh_pods_of_the_old_version_as_of_the_new():
    old = {**LIVE, "spec": changed_pods()["spec"]}
    new, fresh, beside = canary.twins_of(PARTS, ClusterState(old, {}), 2, 4)
    assert new["spec"]["replicas"] == fresh["spec"]["replicas"] == 4
    assert twins.same_pods(new, DEPLOYMENT) and twins.same_pods(fresh, old)
    assert beside["kind"] == "Service" and new["metadata"]["annotations"] == {STEP: "2"}


def serving(track):
    service = references.to_track(SERVICE, track) if track else SERVICE
    return ClusterState(LIVE, {GREEN: twins.twin(DEPLOYMENT, GREEN, 1)}, (service,), (SCALER,))


def test_a_green_serves_once_a_service_selects_it():
    assert serving(GREEN).green_serves and not serving("").green_serves


def test_while_a_green_serves_only_its_own_version_goes_on():
    blue_green.check("dev", PARTS, serving(GREEN), going_on=True)
    other = parts.split(documents(SERVICE, changed_pods()), "shop")
    for own, going_on in ((other, True), (PARTS, False)):
        with pytest.raises(AksFlowError, match="serves dev from its green.*push.promote --env dev"):
            blue_green.check("dev", own, serving(GREEN), going_on)
    blue_green.check("dev", other, serving(""), going_on=True)


def test_the_switch_leads_services_and_autoscalers_to_green():
    service, scaler = blue_green.switched(PARTS)
    assert service["spec"]["selector"][TRACK] == GREEN
    assert scaler["spec"]["scaleTargetRef"]["name"] == "shop-green"


def test_the_way_home_leads_both_back():
    service, scaler = blue_green.switched(PARTS)
    switched = ClusterState(LIVE, {}, (service,), (scaler,))
    assert cluster_state.back_to_own(switched) == [SERVICE, SCALER]
    assert cluster_state.back_to_own(switched, "6d4")[0]["spec"]["selector"] == {
        "app": "shop",
        twins.HASH: "6d4",
    }


def tracked_pod(track, **more):
    return pod(f"{track}-1", labels={TRACK: track}, **more)


@pytest.mark.parametrize(
    ("pods", "reason"),
    [
        ([tracked_pod(CANARY), tracked_pod(BASELINE)], None),
        ([tracked_pod(CANARY, restarts=1), tracked_pod(BASELINE)], "crash-loop"),
        ([tracked_pod(CANARY, restarts=1), tracked_pod(BASELINE, restarts=1)], None),
        ([tracked_pod(CANARY, ready=False), tracked_pod(BASELINE)], "never-ready"),
        ([tracked_pod(CANARY, ready=False), tracked_pod(BASELINE, ready=False)], None),
        ([tracked_pod(CANARY), tracked_pod(BASELINE, restarts=3)], None),
        ([tracked_pod("web", restarts=5)], None),
    ],
)
def test_a_canary_is_worse_off_only_by_what_its_baseline_does_not_share(pods, reason):
    difference = compare.worse(pods)
    assert (difference[0] if difference else None) == reason


def test_pods_that_end_do_not_count():
    ending = tracked_pod(CANARY, ready=False)
    ending["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert compare.worse([ending, tracked_pod(BASELINE)]) is None
