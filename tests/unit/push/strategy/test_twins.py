"""Twins of Deployments, and what leads to their pods."""

import copy

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.push.strategy import names, references, twins
from aks_flow.push.strategy.twins import TRACK
from tests.unit.push.strategy.objects import DEPLOYMENT, SCALER, SERVICE


def changed(item, **spec):
    other = copy.deepcopy(item)
    other["spec"] |= spec
    return other


def test_a_twin_has_the_same_pods_apart_by_a_label_that_only_it_selects():
    canary = twins.twin(DEPLOYMENT, twins.CANARY, 2)
    assert canary["metadata"]["name"] == "shop-canary" and canary["spec"]["replicas"] == 2
    assert canary["spec"]["selector"]["matchLabels"] == {"app": "shop", TRACK: "canary"}
    assert (
        canary["spec"]["selector"]["matchExpressions"] == DEPLOYMENT["spec"]["selector"]["matchExpressions"]
    )
    labels = canary["spec"]["template"]["metadata"]["labels"]
    assert labels == DEPLOYMENT["spec"]["template"]["metadata"]["labels"] | {TRACK: "canary"}
    assert canary["spec"]["template"]["spec"] == DEPLOYMENT["spec"]["template"]["spec"]


def test_a_twin_is_found_by_its_label_and_takes_over_no_annotation():
    canary = twins.twin(DEPLOYMENT, twins.CANARY, 1, **{twins.STEP: "2"})
    assert canary["metadata"]["labels"] == {"app": "shop", "team": "blue", TRACK: "canary"}
    assert canary["metadata"]["annotations"] == {twins.STEP: "2"}
    assert canary["metadata"]["namespace"] == "prod"


def test_deriving_a_twin_leaves_its_origin_alone():
    before = copy.deepcopy(DEPLOYMENT)
    twins.twin(DEPLOYMENT, twins.GREEN, 1)["spec"]["template"]["spec"]["containers"].clear()
    assert before == DEPLOYMENT


def test_a_twin_of_a_live_object_has_nothing_that_the_server_sets():
    live = copy.deepcopy(DEPLOYMENT)
    live["metadata"] |= {"uid": "u", "resourceVersion": "7", "generation": 3, "managedFields": []}
    live["status"] = {"replicas": 3}
    baseline = twins.twin(live, twins.BASELINE, 1)
    assert set(baseline) == {"apiVersion", "kind", "metadata", "spec"}
    assert set(baseline["metadata"]) == {"name", "namespace", "labels", "annotations"}


def test_a_selector_of_expressions_alone_gets_the_label_too():
    bare = changed(DEPLOYMENT, selector={"matchExpressions": [{"key": "tier", "operator": "Exists"}]})
    assert twins.twin(bare, twins.GREEN, 1)["spec"]["selector"]["matchLabels"] == {TRACK: "green"}


@pytest.mark.parametrize(
    ("replicas", "percent", "pods"),
    [(1, 10, 1), (3, 10, 1), (10, 10, 1), (11, 10, 2), (4, 50, 2), (5, 50, 3), (4, 100, 4), (0, 50, 1)],
)
def test_a_share_is_rounded_up_and_at_least_one_pod(replicas, percent, pods):
    assert twins.share(replicas, percent) == pods


def test_pods_are_the_same_whatever_the_twin_s_label_and_differ_by_anything_else():
    green = twins.twin(DEPLOYMENT, twins.GREEN, 5)
    assert twins.same_pods(green, DEPLOYMENT)
    other = copy.deepcopy(DEPLOYMENT)
    other["spec"]["template"]["metadata"]["annotations"]["checksum/config"] = "def"
    assert not twins.same_pods(other, DEPLOYMENT)


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ({"app": "shop"}, True),
        ({"app": "shop", "tier": "web"}, True),
        ({"app": "shop", TRACK: "green"}, True),
        ({"app": "shop", twins.HASH: "6d4"}, True),
        ({"app": "other"}, False),
        ({"app": "shop", "tier": "db"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_a_service_leads_to_the_app_if_it_selects_its_pods_pinned_or_not(selector, selected):
    assert references.selects(changed(SERVICE, selector=selector), DEPLOYMENT) is selected


@pytest.mark.parametrize(
    ("target", "scaled"),
    [
        ({"kind": "Deployment", "name": "shop"}, True),
        ({"name": "shop"}, True),
        ({"kind": "StatefulSet", "name": "shop"}, False),
        ({"kind": "Deployment", "name": "other"}, False),
    ],
)
def test_an_autoscaler_of_any_kind_leads_to_the_app_by_its_target(target, scaled):
    scaler = changed(SCALER, scaleTargetRef=target) | {"kind": "ScaledObject"}
    assert references.scales(scaler, DEPLOYMENT) is scaled


def test_other_objects_lead_nowhere():
    other = {"kind": "ConfigMap", "metadata": {"name": "shop"}}
    assert not references.selects(other, DEPLOYMENT) and not references.scales(other, DEPLOYMENT)


def test_a_service_goes_to_a_track_or_a_revision_and_back():
    green = references.to_track(SERVICE, twins.GREEN)
    assert green["spec"]["selector"] == {"app": "shop", TRACK: "green"}
    blue = references.to_revision(green, "6d4")
    assert blue["spec"]["selector"] == {"app": "shop", twins.HASH: "6d4"}
    assert references.plain(blue) == SERVICE


def test_an_autoscaler_is_pointed_elsewhere_and_nothing_else_of_it_changes():
    green = references.retarget(SCALER, "shop-green")
    assert green["spec"]["scaleTargetRef"]["name"] == "shop-green"
    assert references.retarget(green, "shop") == SCALER


def test_an_unknown_strategy_is_one_sentence():
    with pytest.raises(AksFlowError, match="there is no strategy 'canry'. Did you mean 'canary'?"):
        names.check("canry")
    with pytest.raises(AksFlowError, match="Choose one of: rolling, canary, blue-green"):
        names.check("x; y")
    for strategy in names.ALL:
        names.check(strategy)
