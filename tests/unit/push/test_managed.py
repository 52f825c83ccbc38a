"""A push into a namespace that Argo CD manages is refused, with the Application's name."""

from types import SimpleNamespace

import pytest

from aks_flow.core.command import Result
from aks_flow.push import managed
from aks_flow.tools.kubectl import Kubectl
from tests.unit.planned import Planned

ASKED = "kubectl --namespace={} get applications.argoproj.io/{} --ignore-not-found --output=name"
HERE, THERE = ASKED.format("argocd", "vote-dev"), ASKED.format("team-a", "vote")
NO_RIGHT = Result(1, b"", b'Error from server (Forbidden): applications.argoproj.io "vote-dev" is forbidden')
FOUND = "application.argoproj.io/vote-dev\n"
OURS, ELSEWHERE = "vote-dev:apps/Deployment:vote-dev/front", "team-a_vote:/Service:vote-dev/front"
CLUSTER_WIDE = "vote-dev:rbac.authorization.k8s.io/ClusterRole:vote-dev/reader"

CASES = {
    "nothing was ever Argo CD's": ([""], {}, []),
    "an Application has it": ([OURS, OURS, ""], {HERE: FOUND}, ["vote-dev of Argo CD manages the namespace"]),
    "another environment's has what all of the cluster has": (
        [CLUSTER_WIDE],
        {HERE: FOUND},
        ["vote-dev of Argo CD manages ClusterRole/reader, and would"],
    ),
    "it has both": ([CLUSTER_WIDE, OURS], {HERE: FOUND}, ["manages the namespace"]),
    "the Application was removed": ([OURS], {HERE: ""}, []),
    "an Application of a team's own namespace": ([ELSEWHERE], {THERE: FOUND}, ["remove it from team-a"]),
    "who delivers may not read Applications": ([OURS], {HERE: NO_RIGHT}, []),
}


def item(mark: str) -> dict:
    annotations = {managed._TRACKING: mark} if mark else {}
    if mark == CLUSTER_WIDE:
        return {"kind": "ClusterRole", "metadata": {"name": "reader", "annotations": annotations}}
    metadata = {"name": "front", "namespace": "vote-dev", "annotations": annotations}
    return {"kind": "Deployment", "metadata": metadata}


@pytest.mark.parametrize("case", CASES)
def test_what_argo_cd_manages_is_not_pushed_to(case):
    marks, answers, words = CASES[case]
    context = SimpleNamespace(
        run=Planned(answers),
        cluster=lambda environment: Kubectl(namespace="vote-dev"),
        config=SimpleNamespace(gitops=SimpleNamespace(namespace="argocd")),
    )
    said = managed.obstacles(context, "dev", [item(mark) for mark in marks])
    assert len(said) == len(words)
    for text, word in zip(said, words, strict=True):
        assert word in text and ("gitops.deliver dev" in text) is ("the namespace" in text)
