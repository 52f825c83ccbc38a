"""Pods that a StatefulSet's controller will not replace by itself."""

import pytest

from aks_flow.rollout import stuck_pods
from aks_flow.rollout.verdict.objects import NamespaceObjects
from tests.unit.stateful_pods import PODS, redis


@pytest.mark.parametrize(
    ("item", "names"),
    [
        (redis(), ["c"]),
        (redis(type="RollingUpdate", rollingUpdate={"partition": 0}), ["c"]),
        (redis(type="RollingUpdate", rollingUpdate={"partition": 1}), []),
        (redis(type="OnDelete"), []),
        (redis(generation=2), []),
    ],
)
def test_only_pods_that_nobody_wants_and_that_are_not_ready_are_stuck(item, names):
    stuck = stuck_pods.of(NamespaceObjects([item, *PODS]), "redis")
    assert [found["metadata"]["name"] for found in stuck] == names


def test_a_set_that_is_not_there_has_none():
    assert stuck_pods.of(NamespaceObjects(PODS), "redis") == []
