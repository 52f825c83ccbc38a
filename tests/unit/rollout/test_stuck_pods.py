"""Pods that a StatefulSet's controller will not replace by itself."""

import copy
from contextlib import nullcontext, suppress

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.rollout import stuck_pods
from aks_flow.rollout.verdict.goal import GoalTarget
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.tools.kubectl import Kubectl
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


class Server:
    """Answers every deletion alike."""

    def __init__(self, answer: Result):
        self.answer, self.lines = answer, []

    def run(self, command: Command) -> Result:
        self.lines.append(f"{' '.join(command.argv)} < {command.stdin}")
        if self.answer.code:
            raise CommandFailed(command, self.answer)
        return self.answer


DELETE = (
    "kubectl --context=c --namespace=shop delete --raw=/api/v1/namespaces/shop/pods/c --filename=- < "
    '{"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": "c"}}'
)
DENIED = Result(
    1, b"", b'Error from server (Forbidden): pods "c" is forbidden: User "ci" cannot delete resource "pods"'
)
GONE = Result(1, b"", b'Error from server (NotFound): pods "c" not found')
REPLACED = Result(1, b"", b"Error from server (Conflict): Precondition failed: UID in precondition: c")
AWAY = Result(1, b"", b"The connection to the server 10.0.0.1:6443 was refused")
ANSWERS = {
    # how the server answers: how often it is asked in two looks, what is told
    "it goes": (Result(0, b"", b""), 1, "deleted the pod c: it is of an older revision, and not ready"),
    "it may not be deleted": (DENIED, 1, "could not delete the pod c: it is of an older revision"),
    "it is gone": (GONE, 1, ""),
    "another one has its name": (REPLACED, 1, ""),
    "nobody answers": (AWAY, 2, ""),
}


@pytest.mark.parametrize(("answer", "times", "words"), ANSWERS.values(), ids=ANSWERS)
def test_a_pod_that_is_stuck_is_deleted_once_and_a_refusal_makes_no_version_bad(answer, times, words):
    told, server = [], Server(answer)
    replace = stuck_pods.PodReplacer(server, Kubectl(context="c", namespace="shop"), told.append)
    for _ in range(2):
        with suppress(CommandFailed) if answer is AWAY else nullcontext():
            replace(
                NamespaceObjects([redis(), *PODS]),
                [GoalTarget("StatefulSet", "redis"), GoalTarget("Job", "b")],
            )
    assert server.lines == [DELETE] * times and [text[: len(words)] for text in told] == (
        [words] if words else []
    )


STARTED = "2026-01-01T00:00:00Z"
READY = {
    # when its readiness changed last: whether its controller may go on by itself
    "never": (STARTED, False),
    "for a moment": ("2026-01-01T00:00:01Z", True),
    "it has no node": (None, False),
}


@pytest.mark.parametrize("all", [True, False])
@pytest.mark.parametrize(("changed", "was_ready"), READY.values(), ids=READY)
def test_one_that_was_ready_goes_on_the_way_back_alone(changed, was_ready, all):
    server, stuck = Server(Result(0, b"", b"")), copy.deepcopy(PODS[2])
    stuck["status"] = {"conditions": [{"type": "Ready", "status": "False", "lastTransitionTime": changed}]}
    stuck["status"] |= {"startTime": STARTED} if changed else {}
    replace = stuck_pods.PodReplacer(server, Kubectl(context="c", namespace="shop"), print, all)
    replace(NamespaceObjects([redis(), stuck]), [GoalTarget("StatefulSet", "redis")])
    assert bool(server.lines) == (all or not was_ready)
