"""Pods that a StatefulSet's controller will not replace by itself."""

import pytest

from aks_flow.rollout import stuck_pods
from aks_flow.rollout.verdict.objects import NamespaceObjects


def pod(name: str, revision: str, ready: str, **metadata: str) -> dict:
    owner = {"uid": "s", "controller": True}
    labels = {"controller-revision-hash": revision}
    return {
        "kind": "Pod",
        "metadata": {"name": name, "uid": name, "labels": labels, "ownerReferences": [owner], **metadata},
        "spec": {"containers": []},
        "status": {"conditions": [{"type": "Ready", "status": ready}]},
    }


PODS = [
    pod("a", "good", "False"),
    pod("b", "bad", "True"),
    pod("c", "bad", "False"),
    pod("d", "bad", "False", deletionTimestamp="2026-01-01T00:00:00Z"),
]


def redis(generation: int = 1, **strategy: object) -> dict:
    return {
        "kind": "StatefulSet",
        "metadata": {"name": "redis", "uid": "s", "generation": generation},
        "spec": {"updateStrategy": strategy},
        "status": {"updateRevision": "good", "observedGeneration": 1},
    }


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
