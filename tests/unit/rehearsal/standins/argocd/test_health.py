"""The health of an object, and of all together."""

import pytest

from aks_flow.rehearsal.standins.argocd import health
from aks_flow.rehearsal.standins.argocd.health import Health
from tests.unit.rehearsal.standins.argocd.cases import cases

THERE = {"kind": "ConfigMap", "metadata": {"name": "a"}}
IGNORED = {"metadata": {"annotations": {"argocd.argoproj.io/ignore-healthcheck": "true"}}}


@cases("health.yaml")
def test_an_object_is_as_healthy_as_argo_cd_says(case):
    assessed = health.of(case["object"])
    assert (assessed.status if assessed else None) == case["health"]
    if "message" in case:
        assert assessed.message == case["message"]


@pytest.mark.parametrize(
    ("present", "overall"),
    [
        ([], "Healthy"),
        ([(THERE, None)], "Healthy"),
        ([(THERE, Health("Healthy")), (THERE, Health("Progressing"))], "Progressing"),
        ([(THERE, Health("Degraded")), (THERE, Health("Progressing"))], "Degraded"),
        ([(THERE, Health("Suspended")), (THERE, Health("Healthy"))], "Suspended"),
        ([(THERE, Health("Healthy")), (IGNORED, Health("Degraded"))], "Healthy"),
        ([(THERE, Health("Healthy")), (None, Health("Missing"))], "Healthy"),
        ([(None, Health("Missing")), (None, Health("Missing"))], "Missing"),
    ],
)
def test_all_are_as_healthy_as_the_worst_that_is_there(present, overall):
    assert health.overall(present) == overall
