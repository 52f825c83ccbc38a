"""Which generated ConfigMaps of earlier commits go."""

import json

import pytest

from aks_flow.core.command import Result
from aks_flow.gitops.wait import old_config
from aks_flow.gitops.wait.old_config import KEPT
from aks_flow.tools.argocd import Application
from aks_flow.tools.kubectl import Kubectl

LEFT = {"argocd.argoproj.io/sync-options": "Prune=false"}


def config_map(number: int, name: str = "front", annotations: dict | None = None) -> dict:
    metadata = {
        "name": f"{name}-{number:010d}",
        "creationTimestamp": f"2026-01-{number:02d}T00:00:00Z",
        "annotations": LEFT if annotations is None else annotations,
    }
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}


def user(kind: str, name: str, **spec: object) -> dict:
    return {"kind": kind, "spec": {"volumes": [{"configMap": {"name": name}}], **spec}}


OLD = [config_map(number) for number in range(1, KEPT + 3)]
FIRST, SECOND = (item["metadata"]["name"] for item in OLD[:2])
GONE = [f"configmap/{FIRST}", f"configmap/{SECOND}"]
# What no commit has any more, what there is -> what goes.
CASES = {
    "all but the newest": (OLD, [], GONE),
    "in whatever order they come": (OLD[::-1], [], GONE),
    "but what a pod uses": (OLD, [user("Pod", FIRST)], GONE[1:]),
    "but what a ReplicaSet with pods uses": (OLD, [user("ReplicaSet", SECOND, replicas=1)], GONE[:1]),
    "though a ReplicaSet without pods names it": (OLD, [user("ReplicaSet", FIRST, replicas=0)], GONE),
    "of each name by itself": (OLD[:KEPT] + [config_map(9, "redis")], [], []),
    "nothing that Argo CD is not told to leave": ([config_map(n, annotations={}) for n in range(9)], [], []),
    "nothing whose name is not generated": (
        [item | {"metadata": item["metadata"] | {"name": "plain"}} for item in OLD],
        [],
        [],
    ),
}


@pytest.mark.parametrize(("old", "users", "gone"), CASES.values(), ids=CASES)
def test_generated_objects_go(old, users, gone):
    assert old_config.surplus(old, users) == gone


class Cluster:
    def __init__(self, *answers: list[dict]):
        self.answers, self.lines = list(answers), []

    def run(self, command) -> Result:
        self.lines.append(" ".join(command.argv))
        items = self.answers.pop(0) if self.answers else []
        return Result(0, json.dumps({"kind": "List", "items": items}).encode(), b"")


def test_few_are_not_even_asked_for():
    run = Cluster()
    few = tuple(f"configmap/front-{n}" for n in range(KEPT)) + ("statefulset.apps/redis",)
    assert old_config.remove(run, Kubectl(), Application("vote-dev", extra=few)) == []
    assert run.lines == []


def test_those_that_go_are_deleted_in_one_command():
    run = Cluster(OLD, [])
    names = tuple(f"configmap/{item['metadata']['name']}" for item in OLD)
    assert old_config.remove(run, Kubectl(), Application("vote-dev", extra=names)) == GONE
    assert run.lines[-1] == f"kubectl delete {' '.join(GONE)} --ignore-not-found --wait=false"
