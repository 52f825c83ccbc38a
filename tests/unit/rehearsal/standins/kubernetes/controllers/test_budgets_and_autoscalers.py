"""Budgets, autoscalers and quotas: their status, and the bounds that they keep."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.controllers.disruption import decide
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import (
    DEPLOYMENT,
    HORIZONTAL_POD_AUTOSCALER,
    POD,
    POD_DISRUPTION_BUDGET,
    RESOURCE_QUOTA,
)
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import deployment, set_spec


def _pods(ready: int, unready: int = 0) -> list[dict]:
    states = ["True"] * ready + ["False"] * unready
    return [
        {"metadata": {}, "status": {"conditions": [{"type": "Ready", "status": state}]}} for state in states
    ]


@pytest.mark.parametrize(
    ("spec", "covered", "scale", "desired", "allowed"),
    [
        ({"minAvailable": 1}, _pods(2), 2, 1, 1),
        ({"minAvailable": 1}, _pods(1, 1), 2, 1, 0),
        ({"minAvailable": "50%"}, _pods(3), 3, 2, 1),
        ({"maxUnavailable": 1}, _pods(3), 3, 2, 1),
        ({"maxUnavailable": "25%"}, _pods(5), 5, 3, 2),
        ({"maxUnavailable": 1}, _pods(2), 3, 2, 0),
        ({}, _pods(2), 2, 1, 1),
        ({"minAvailable": 1}, [], 0, 1, 0),
    ],
)
def test_a_budget_allows_what_leaves_enough_pods(spec, covered, scale, desired, allowed):
    counts = decide(spec, covered, scale)
    assert (counts["desiredHealthy"], counts["disruptionsAllowed"]) == (desired, allowed)


def _budget(cluster, **spec) -> None:
    cluster.create(POD_DISRUPTION_BUDGET, "web", spec={"selector": {"matchLabels": {"app": "web"}}} | spec)


def test_a_budget_follows_its_pods(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment(replicas=3))
    _budget(cluster, maxUnavailable=1)
    assert cluster.conditions(POD_DISRUPTION_BUDGET, "web") == {
        "DisruptionAllowed": ("True", "SufficientPods")
    }
    cluster.kubelet.set_ready(cluster.all(POD)[0], False)
    cluster.settle()
    status = cluster.get(POD_DISRUPTION_BUDGET, "web")["status"]
    counts = {key: value for key, value in status.items() if key != "conditions"}
    assert counts == {
        "currentHealthy": 2,
        "desiredHealthy": 2,
        "disruptionsAllowed": 0,
        "expectedPods": 3,
        "observedGeneration": 1,
    }
    assert cluster.conditions(POD_DISRUPTION_BUDGET, "web")["DisruptionAllowed"] == (
        "False",
        "InsufficientPods",
    )


def _autoscaler(cluster, least: int, most: int) -> None:
    target = {"type": "Utilization", "averageUtilization": 70}
    spec = {
        "minReplicas": least,
        "maxReplicas": most,
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
    }
    cluster.create(HORIZONTAL_POD_AUTOSCALER, "web", spec=spec)


def test_an_autoscaler_without_metrics_leaves_the_size_within_its_bounds_alone(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment(replicas=3))
    _autoscaler(cluster, 2, 4)
    assert cluster.get(DEPLOYMENT, "web")["spec"]["replicas"] == 3
    assert cluster.conditions(HORIZONTAL_POD_AUTOSCALER, "web") == {
        "AbleToScale": ("True", "SucceededGetScale"),
        "ScalingActive": ("False", "FailedGetResourceMetric"),
    }


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (1, 2, "Current number of replicas below Spec.MinReplicas"),
        (9, 4, "Current number of replicas above Spec.MaxReplicas"),
    ],
)
def test_an_autoscaler_brings_the_size_into_its_bounds(cluster, before, after, why):
    cluster.create(DEPLOYMENT, "web", spec=deployment(replicas=before))
    _autoscaler(cluster, 2, 4)
    assert len(cluster.all(POD)) == after
    assert cluster.events("SuccessfulRescale") == [f"New size: {after}; reason: {why}"]
    assert cluster.get(HORIZONTAL_POD_AUTOSCALER, "web")["status"]["currentReplicas"] == after


def test_zero_replicas_switch_an_autoscaler_off(cluster):
    cluster.create(DEPLOYMENT, "web", spec=deployment(replicas=0))
    _autoscaler(cluster, 2, 4)
    assert cluster.all(POD) == []
    assert cluster.conditions(HORIZONTAL_POD_AUTOSCALER, "web")["ScalingActive"] == (
        "False",
        "ScalingDisabled",
    )
    cluster.modify(DEPLOYMENT, "web", set_spec(replicas=1))
    assert len(cluster.all(POD)) == 2


def test_an_autoscaler_without_its_target_says_so_until_it_comes(cluster):
    _autoscaler(cluster, 2, 4)
    assert cluster.conditions(HORIZONTAL_POD_AUTOSCALER, "web") == {
        "AbleToScale": ("False", "FailedGetScale")
    }
    assert cluster.events("FailedGetScale") == ['deployments.apps "web" not found']
    cluster.create(DEPLOYMENT, "web", spec=deployment(replicas=2))
    assert cluster.conditions(HORIZONTAL_POD_AUTOSCALER, "web")["AbleToScale"][0] == "True"


def test_a_quota_stops_a_deployment_and_its_status_follows(cluster):
    cluster.create(RESOURCE_QUOTA, "small", spec={"hard": {"pods": "2", "count/deployments.apps": "1"}})
    cluster.create(DEPLOYMENT, "web", spec=deployment(replicas=3))
    assert len(cluster.all(POD)) == 2
    assert cluster.get(RESOURCE_QUOTA, "small")["status"]["used"] == {
        "count/deployments.apps": "1",
        "pods": "2",
    }
    assert cluster.conditions(DEPLOYMENT, "web")["ReplicaFailure"] == ("True", "FailedCreate")
    assert any("exceeded quota: small" in message for message in cluster.events("FailedCreate"))
    with pytest.raises(StatusError, match="forbidden: exceeded quota: small, requested: count/deployments"):
        cluster.create(DEPLOYMENT, "second", spec=deployment(replicas=0))
    cluster.modify(RESOURCE_QUOTA, "small", set_spec(hard={"pods": "3"}))
    cluster.pass_time(20)
    assert len(cluster.all(POD)) == 3
