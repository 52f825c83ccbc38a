"""The health of an object, and of all together."""

import pytest

from aks_flow.rehearsal.standins.argocd import health
from aks_flow.rehearsal.standins.argocd.health import Health
from tests.unit.rehearsal.standins.argocd.cases import cases

THERE = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
IGNORED = {
    "apiVersion": "v1",
    "kind": "Job",
    "metadata": {"annotations": {"argocd.argoproj.io/ignore-healthcheck": "true"}},
}


@cases("health.yaml")
def test_an_object_is_as_healthy_as_argo_cd_says(case):
    assessed = health.of(case["object"])
    assert (assessed.status if assessed else None) == case["health"]
    if "message" in case:
        assert assessed.message == case["message"]


def child(status: str) -> tuple[dict, Health]:
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {}}, Health(status)


GONE = (None, Health("Missing"))
# What an Application has, each with its health -> its own.
OVERALL = {
    "nothing": ([], "Healthy"),
    "a kind without health": ([(THERE, None)], "Healthy"),
    "one that progresses": ([(THERE, Health("Healthy")), (THERE, Health("Progressing"))], "Progressing"),
    "one that is degraded": ([(THERE, Health("Degraded")), (THERE, Health("Progressing"))], "Degraded"),
    "one that is suspended": ([(THERE, Health("Suspended")), (THERE, Health("Healthy"))], "Suspended"),
    "suspended beside progressing": (
        [(THERE, Health("Suspended")), (THERE, Health("Progressing"))],
        "Progressing",
    ),
    "degraded beside suspended": ([(THERE, Health("Suspended")), (THERE, Health("Degraded"))], "Degraded"),
    "one that nobody knows": ([(THERE, Health("Degraded")), (THERE, Health("Unknown"))], "Unknown"),
    "one that does not count": ([(THERE, Health("Healthy")), (IGNORED, Health("Degraded"))], "Healthy"),
    "only one that does not count": ([(IGNORED, Health("Degraded"))], "Healthy"),
    "one that does not count beside a missing one": ([(IGNORED, Health("Degraded")), GONE], "Healthy"),
    "one that is missing": ([(THERE, Health("Healthy")), GONE], "Healthy"),
    "one that is missing beside a degraded one": ([(THERE, Health("Degraded")), GONE], "Degraded"),
    "all are missing": ([GONE, GONE], "Missing"),
    "a child that is degraded": ([child("Degraded")], "Degraded"),
    "a child of which nothing is known": ([child("Unknown"), (THERE, Health("Healthy"))], "Healthy"),
    "a child that misses all": ([child("Missing"), (THERE, Health("Progressing"))], "Progressing"),
}


@pytest.mark.parametrize(("present", "overall"), OVERALL.values(), ids=OVERALL)
def test_all_are_as_healthy_as_the_worst_that_is_there(present, overall):
    assert health.overall(present) == overall
